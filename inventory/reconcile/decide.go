package reconcile

import (
	"context"
	"fmt"
	"slices"

	"github.com/ankkor/ankkor/inventory"
)

// Findings lists what was found. Open ones wait for Accept or Keep.
func (s *Service) Findings(ctx context.Context, q FindingQuery) ([]Finding, error) {
	return s.config.Journal.Findings(ctx, q)
}

// Accept says that the store of record is right, and returns the finding as it was
// closed; one that is closed already is ErrConflict. Of a rise, what was decided on
// is taken. If it is larger by now that is ErrChanged, and a new finding; if it
// could not be read, the next pass finds it anew.
func (s *Service) Accept(ctx context.Context, id, actor, reason string) (Finding, error) {
	f, how, err := s.decision(ctx, id, Accepted, actor, reason)
	if err != nil {
		return f, err
	}
	if f, err = s.close(ctx, f, how); err != nil || f.Kind != Rise {
		return f, err
	}
	report, err := s.refresh(ctx, []inventory.Item{f.Item}, reading{
		tolerance: inventory.Tolerance{Pieces: f.Difference, BasisPoints: s.config.Tolerance.BasisPoints},
		reason:    or(reason, "accepted"), actor: actor,
	})
	if _, again := find(report, f.Item, Rise); again && err == nil {
		err = ErrChanged
	}
	return f, err
}

// Keep says that we are right, and corrects the store of record's number by as much as
// it was off: what was sold there meanwhile stays sold. It is for rises and falls, and
// needs a Writer. A [StockAdjuster] corrects in one step; of any other the number is
// read just before one is written, and what is sold there in between is written over:
// do that while nobody buys there. If the difference is another one by now it is
// ErrChanged. After another error the finding is open or closed, and the store may
// have been corrected or not: look before deciding again. Nothing is sent twice.
func (s *Service) Keep(ctx context.Context, id, actor, reason string) (Finding, error) {
	f, how, err := s.decision(ctx, id, Kept, actor, reason)
	if err != nil {
		return f, err
	}
	if s.config.Writer == nil || f.Kind != Rise && f.Kind != Fall {
		return f, &inventory.InvalidError{Field: "finding", Reason: "cannot be kept: it is no rise or fall, or there is no Writer"}
	}
	number, err := s.number(ctx, f)
	if err != nil {
		return f, err
	}
	if f, err = s.close(ctx, f, how); err != nil {
		return f, err
	}
	if err := s.correct(ctx, f, number); err != nil {
		return f, fmt.Errorf("reconcile: correcting the stock of %s in the store: %w", f.Item, err)
	}
	_, err = s.refresh(ctx, []inventory.Item{f.Item}, reading{
		tolerance: inventory.Tolerance{Pieces: max(f.Difference, -f.Difference)}, reason: or(reason, "kept ours"), actor: actor,
	})
	return f, err
}

// correct takes the difference out of the store of record's number.
func (s *Service) correct(ctx context.Context, f Finding, number int64) error {
	if adjuster, ok := s.config.Writer.(StockAdjuster); ok {
		_, err := adjuster.AdjustStock(ctx, f.Item, -f.Difference)
		return err
	}
	return s.config.Writer.WriteStock(ctx, f.Item, number-f.Difference)
}

// number is what the store of record has now, if the finding still holds.
func (s *Service) number(ctx context.Context, f Finding) (int64, error) {
	report, err := s.Refresh(ctx, f.Item)
	if err != nil {
		return 0, err
	}
	if now, found := find(report, f.Item, f.Kind); found != (f.Kind == Rise) || found && now.Difference != f.Difference {
		return 0, ErrChanged
	}
	theirs, err := s.config.Source.Stock(ctx, []inventory.Item{f.Item})
	if err != nil {
		return 0, fmt.Errorf("reconcile: reading stock: %w", err)
	}
	if len(theirs) == 0 {
		return 0, ErrChanged
	}
	return theirs[0].OnHand, nil
}

// decision reads the finding that is decided on.
func (s *Service) decision(ctx context.Context, id string, state State, actor, reason string) (Finding, Decision, error) {
	how := Decision{State: state, Actor: actor, Reason: reason, At: s.config.Now().UTC()}
	if err := CheckEnd(how); err != nil {
		return Finding{}, how, err
	}
	list, err := s.config.Journal.Findings(ctx, FindingQuery{ID: id, Limit: 1})
	switch {
	case err != nil:
		return Finding{}, how, fmt.Errorf("reconcile: reading a finding: %w", err)
	case id == "" || len(list) == 0:
		return Finding{}, how, fmt.Errorf("%w: finding %q", ErrNotFound, id)
	case list[0].State != Open:
		return list[0], how, fmt.Errorf("%w: finding %s is %s", ErrConflict, id, list[0].State)
	}
	return list[0], how, nil
}

func (s *Service) close(ctx context.Context, f Finding, how Decision) (Finding, error) {
	closed, err := s.config.Journal.End(ctx, f.ID, how)
	if err != nil {
		return closed, fmt.Errorf("reconcile: closing finding %s: %w", f.ID, err)
	}
	return closed, nil
}

// find looks for a finding in a report.
func find(r Report, item inventory.Item, kind FindingKind) (Finding, bool) {
	i := slices.IndexFunc(r.Findings, func(g Finding) bool { return g.Item == item && g.Kind == kind })
	if i < 0 {
		return Finding{}, false
	}
	return r.Findings[i], true
}

func or(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}
