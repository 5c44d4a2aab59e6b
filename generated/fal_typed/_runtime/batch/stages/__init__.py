"""What a job goes through, one module for each: it is sent, looked for, ended."""
