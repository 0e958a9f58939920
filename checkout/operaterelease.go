package checkout

import "context"

// Release ends a checkout that no sale comes of, by a person's decision. One that was not placed is closed and its stock
// let go; a placed one is given up, with all that GiveUp says. Reason is one line of at most 200 bytes. Releasing twice
// changes nothing.
func (s *Service) Release(ctx context.Context, id ID, reason, actor string) (Record, error) {
	if reason == "" || len(reason) > maxReason || reason != clip(reason, maxReason) {
		return Record{}, &InvalidError{Field: "reason", Reason: "wants one line of at most 200 bytes"}
	}
	var placed, closed bool
	r, err := s.update(ctx, id, func(d *draft) error {
		placed, closed = d.Placed != nil, d.Closing != nil
		if placed || closed {
			return nil
		}
		d.log(d.now, actor, "released", reason)
		d.close(reason, true)
		return nil
	})
	if err != nil {
		return Record{}, err
	}
	if placed {
		return s.GiveUp(ctx, id, reason, actor)
	}
	if !closed { // a hold of the same cart may belong to its next checkout by now
		s.letGo(ctx, r.Reservation)
	}
	return r, nil
}
