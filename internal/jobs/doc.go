// Package jobs is durable work on River: enqueue, register, calendar.
package jobs
