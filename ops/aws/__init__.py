"""The AWS account of whoever runs a command. Imported by the commands that need it only: boto3 takes its time."""
