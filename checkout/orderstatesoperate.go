package checkout

import "context"

// RecordProcessing notes that somebody has begun to pack the order, and releases it in the store if it is on hold there.
// Recording it again changes nothing. An order that has not taken effect, was cancelled or has left is an *InvalidError.
func (s *Service) RecordProcessing(ctx context.Context, id ID, actor string) (Record, error) {
	return s.operate(ctx, id, func(d *draft) error {
		switch {
		case !d.inEffect():
			return &InvalidError{Field: "checkout", Reason: "has no order in effect"}
		case d.Cancelled != nil:
			return &InvalidError{Field: "checkout", Reason: "was cancelled"}
		case d.Processing.IsZero() && d.Shipment == nil:
			d.begin(actor, "processing")
		}
		return nil
	})
}

// CancelOrder calls off an order that has taken effect and has not left: the store cancels it and puts its stock back, which
// our books follow by reconciliation. Its money stays with us until Refund says otherwise; an alert names it. Cancelling
// again changes nothing. Reason is one line of at most 200 bytes.
//
// Errors, with nothing written: *InvalidError (no order in effect: use Release; the parcel has left: record its return),
// ErrNotFound. An error that wraps ErrUnavailable or ErrUnknown comes with the record: the store is told later.
func (s *Service) CancelOrder(ctx context.Context, id ID, reason, actor string) (Record, error) {
	if reason == "" || len(reason) > maxReason || reason != clip(reason, maxReason) {
		return Record{}, &InvalidError{Field: "reason", Reason: "wants one line of at most 200 bytes"}
	}
	return s.operate(ctx, id, func(d *draft) error {
		switch {
		case !d.inEffect():
			return &InvalidError{Field: "checkout", Reason: "has no order in effect; release it instead"}
		case d.Shipment != nil:
			return &InvalidError{Field: "checkout", Reason: "has left; record what comes back"}
		case d.Cancelled == nil:
			d.callOff(reason, actor)
		}
		return nil
	})
}

// operate writes what staff decided, and does what is due after it.
func (s *Service) operate(ctx context.Context, id ID, change func(*draft) error) (Record, error) {
	r, err := s.update(ctx, id, change)
	if err != nil {
		return Record{}, err
	}
	moved, err := s.Advance(ctx, id)
	if moved.ID == "" {
		moved = r
	}
	return moved, err
}
