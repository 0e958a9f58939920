package woo

import (
	"context"
	"errors"
	"sync"
)

// inParallel runs jobs, at most limit at a time, and returns their results in
// order. The first failure ends it: no further job starts, and those under way
// see their context end. It returns when all have.
func inParallel[T any](ctx context.Context, limit int, jobs []func(context.Context) (T, error)) ([]T, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	results := make([]T, len(jobs))
	slots := make(chan struct{}, limit)
	var wg sync.WaitGroup
	for i, job := range jobs {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		wg.Go(func() {
			defer func() { <-slots }()
			result, err := job(ctx)
			if err != nil {
				cancel(err)
				return
			}
			results[i] = result
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, asError(err)
	}
	return results, nil
}

// asError makes an *Error of whatever stopped a read.
func asError(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return err
	}
	return &Error{Kind: Unavailable, Cause: err}
}
