package woo

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"
)

// inParallel runs jobs, at most limit at a time, and returns their results in
// order. The first failure ends it: no further job starts, and those under way
// see their context end. It returns when all have.
func inParallel[T any](ctx context.Context, limit int, jobs []func(context.Context) (T, error)) ([]T, error) {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(limit)
	results := make([]T, len(jobs))
	for i, job := range jobs {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() (err error) {
			results[i], err = job(ctx)
			return err
		})
	}
	stopped := context.Cause(ctx)
	if err := group.Wait(); err != nil {
		return nil, asError(err)
	}
	if stopped != nil {
		return nil, asError(stopped)
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
