package redisstore

import (
	"context"
	"slices"

	"github.com/ankkor/ankkor/inventory"
)

// Levels implements [inventory.Levels].
func (r *Reserver) Levels(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	items, err := inventory.CheckItems(items)
	if err != nil {
		return nil, err
	}
	args := r.script.begin("levels", len(items))
	for _, item := range items {
		args = append(args, string(item))
	}
	answers, err := list(r.script.run(ctx, r.timeout, args))
	if err != nil {
		return nil, err
	}
	levels := make([]inventory.Level, 0, len(answers))
	for _, answer := range answers {
		values, _ := answer.([]any)
		a := &reader{values: values}
		l := inventory.Level{
			Key:    inventory.Item(a.text()).At(inventory.Location(a.text())),
			OnHand: a.number(), Allocated: a.number(), BackorderLimit: a.number(), Revision: a.number(),
			Policy: inventory.Policy(a.text()), Reserved: a.number(),
		}
		if err := a.err(); err != nil {
			return nil, err
		}
		levels = append(levels, l)
	}
	slices.SortFunc(levels, func(x, y inventory.Level) int { return x.Key.Compare(y.Key) })
	return levels, nil
}

// SetLevels implements [inventory.Levels].
func (r *Reserver) SetLevels(ctx context.Context, levels []inventory.Level) error {
	levels, err := inventory.CheckLevels(levels)
	if err != nil || len(levels) == 0 {
		return err
	}
	_, err = r.script.run(ctx, r.timeout, appendLevels(r.script.begin("set", 7*len(levels)), levels))
	return err
}

// Conclude implements [inventory.Concluder].
func (r *Reserver) Conclude(ctx context.Context, id string, levels []inventory.Level) error {
	if err := inventory.CheckID(id); err != nil {
		return err
	}
	levels, err := inventory.CheckLevels(levels)
	if err != nil {
		return err
	}
	args := append(r.script.begin("conclude", 1+7*len(levels)), id)
	_, err = r.script.run(ctx, r.timeout, appendLevels(args, levels))
	return err
}

func appendLevels(args []any, levels []inventory.Level) []any {
	for _, l := range levels {
		args = append(args, string(l.Key.Item), string(l.Key.Location), l.OnHand, l.Allocated, l.BackorderLimit, l.Revision, string(l.Policy))
	}
	return args
}
