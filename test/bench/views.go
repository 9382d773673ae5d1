package main

import (
	"context"
	"errors"
	"sync"
	"time"
)

// views asks for each address viewRate times a second for a span, whatever the
// answers take, and returns how long each took from the moment it was due.
func views(ctx context.Context, addresses []string, span time.Duration) (times [][]time.Duration, err error) {
	times = make([][]time.Duration, len(addresses))
	var mu sync.Mutex
	var all sync.WaitGroup
	start := time.Now()
	const gap = time.Second / viewRate
	for i, address := range addresses {
		all.Go(func() {
			var asked sync.WaitGroup
			defer asked.Wait()
			// Kinds take turns, so that they do not meet.
			for due := start.Add(time.Duration(i) * gap / time.Duration(len(addresses))); due.Before(start.Add(span)) && ctx.Err() == nil; due = due.Add(gap) {
				time.Sleep(time.Until(due))
				asked.Go(func() {
					_, _, failed := fetch(ctx, client, address)
					took := time.Since(due)
					mu.Lock()
					defer mu.Unlock()
					times[i], err = append(times[i], took), errors.Join(err, failed)
				})
			}
		})
	}
	all.Wait()
	return times, err
}
