// Package s3 keeps objects in an S3 bucket.
package s3
