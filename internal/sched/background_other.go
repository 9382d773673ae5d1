//go:build !linux

package sched

// Background does nothing where there is no SCHED_IDLE.
func Background(int) {}
