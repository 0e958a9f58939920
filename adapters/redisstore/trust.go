package redisstore

import (
	"context"

	"github.com/ankkor/ankkor/inventory"
)

var _ inventory.Forgetful = (*Reserver)(nil)

// Recheck implements [inventory.Forgetful]. Levels are vouched for in one process of
// Redis, whose run id is written beside them: in data that was loaded from a file or
// copied from another server it is another one. Data that was put back within one
// process is told by its beat.
func (r *Reserver) Recheck(ctx context.Context, seen int64, doubt bool) (inventory.Memory, error) {
	args := append(r.script.begin("recheck", 2), seen, "0")
	if doubt {
		args[len(args)-1] = "1"
	}
	values, err := list(r.script.run(ctx, r.timeout, args))
	if err != nil {
		return inventory.Memory{}, err
	}
	a := &reader{values: values}
	m := inventory.Memory{Beat: a.number(), Generation: a.number(), Pending: a.number() == 1, Lost: inventory.Loss(a.text())}
	return m, a.err()
}

// Retaught implements [inventory.Forgetful].
func (r *Reserver) Retaught(ctx context.Context, generation int64) error {
	_, err := r.script.run(ctx, r.timeout, append(r.script.begin("retaught", 1), generation))
	return err
}
