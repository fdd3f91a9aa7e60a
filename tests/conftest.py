"""What all tests share; beside it lies `study_maker`, which makes small study folders."""
