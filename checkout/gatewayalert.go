package checkout

import "context"

// AlertGatewayOrder tells people of something about the checkout with this order at the payment gateway: a dispute, which
// somebody has to answer there. Nothing else comes of it. It is told once, however often it is called, so it is harmless
// twice and in parallel.
//
// Errors: ErrNotFound for an order that is not ours; *InvalidError for a text that is not one line of 1 to 300 bytes.
func (s *Service) AlertGatewayOrder(ctx context.Context, orderID, text string) error {
	if text == "" || text != clip(text, maxDetail) {
		return &InvalidError{Field: "text", Reason: "wants one line of at most 300 bytes"}
	}
	id, err := s.config.Store.Find(ctx, Ref{Kind: RefGatewayOrder, Value: orderID})
	if err != nil {
		return err
	}
	_, err = s.update(ctx, id, func(d *draft) error {
		d.alert(d.now, text, "")
		return nil
	})
	return err
}
