package checkout

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// Addresses is what the shopper fills in.
type Addresses struct {
	Billing Address
	// Shipping is where the parcel goes; the zero Address means the billing address.
	Shipping Address
	Note     string // for the shop, with the order
}

// Addressed is a checkout with its addresses, and remarks for the page.
type Addressed struct {
	Record  Record
	Notices []FieldNotice
}

// SetAddresses checks the addresses (CheckAddress), keeps them, and quotes again. The first shipping rate is chosen when
// the one chosen before is not offered there, as WooCommerce does.
//
// Errors: FieldErrors (ErrInvalid) with every refused field; ErrPlaced, ErrClosed, ErrNotFound.
func (s *Service) SetAddresses(ctx context.Context, owner Owner, id ID, in Addresses) (Addressed, error) {
	rules, err := s.config.Rules.Rules(ctx)
	if err != nil {
		return Addressed{}, err
	}
	billing, shippingTo, err := s.checkBoth(ctx, rules, in)
	if err != nil {
		return Addressed{}, err
	}
	r, err := s.edit(ctx, owner, id, func(d *draft) error {
		d.Billing, d.Shipping, d.CustomerNote = billing.Address, shippingTo.Address, in.Note
		d.chose(d.now, "address", shippingTo.Address.Postcode)
		return s.offerShipping(ctx, d)
	})
	if err == nil {
		r = s.moveHold(ctx, r)
	}
	return Addressed{Record: r, Notices: append(billing.Notices, shippingTo.Notices...)}, err
}

func (s *Service) checkBoth(ctx context.Context, rules Rules, in Addresses) (billing, ship CheckedAddress, err error) {
	var refused FieldErrors
	if len(in.Note) > maxNote || !utf8.ValidString(in.Note) || strings.ContainsFunc(in.Note, unfitForNote) {
		refused = append(refused, &InvalidError{Field: "note", Reason: "is too long, not valid UTF-8, or has control characters"})
	}
	billing, err = CheckAddress(ctx, in.Billing, AddressForm{Prefix: "billing", Billing: true, Rules: rules, Pincodes: s.config.Pincodes})
	if refused, err = gather(refused, err); err != nil {
		return billing, ship, err
	}
	ship = CheckedAddress{Address: billing.Address}
	if !in.Shipping.IsZero() {
		ship, err = CheckAddress(ctx, in.Shipping, AddressForm{Prefix: "shipping", Rules: rules, Pincodes: s.config.Pincodes})
		if refused, err = gather(refused, err); err != nil {
			return billing, ship, err
		}
	}
	return billing, ship, refused.orNil()
}

// unfitForNote finds control characters other than those that shape lines.
func unfitForNote(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }

// gather adds refused fields to those found before; any other error passes through.
func gather(refused FieldErrors, err error) (FieldErrors, error) {
	var more FieldErrors
	if errors.As(err, &more) {
		return append(refused, more...), nil
	}
	return refused, err
}

// ShippingRates lists what the shopper can choose from; see Quoter.Rates.
func (s *Service) ShippingRates(ctx context.Context, owner Owner, id ID) ([]shipping.Rate, error) {
	r, err := s.Get(ctx, owner, id)
	if err != nil {
		return nil, err
	}
	return s.config.Quoter.Rates(ctx, s.quoteRequest(r))
}

// ChooseShipping picks one of ShippingRates by its id. An id that is not offered is an *InvalidError.
func (s *Service) ChooseShipping(ctx context.Context, owner Owner, id ID, rate string) (Record, error) {
	return s.edit(ctx, owner, id, func(d *draft) error {
		rates, err := s.config.Quoter.Rates(ctx, s.quoteRequest(d.Record))
		if err != nil {
			return err
		}
		if !offered(rates, rate) {
			return &InvalidError{Field: "shipping_rate", Reason: "is not offered for this address"}
		}
		d.ShippingRate = rate
		d.chose(d.now, "shipping", rate)
		return nil
	})
}

// ChoosePayment picks how to pay. A method that the shop does not have is an *InvalidError, one that is not offered for
// this purchase a *NotEligibleError; see PaymentChoices.
func (s *Service) ChoosePayment(ctx context.Context, owner Owner, id ID, m payment.Method) (Record, error) {
	if _, ok := s.option(m); !ok {
		return Record{}, &InvalidError{Field: "payment_method", Reason: "is not offered"}
	}
	return s.update(ctx, id, func(d *draft) error {
		if err := d.editable(owner); err != nil {
			return err
		}
		d.PaymentMethod = m
		o, err := s.offer(ctx, d.Record)
		if err != nil {
			return err
		}
		if err := s.eligible(ctx, d.Record, o); err != nil {
			return err
		}
		d.take(o)
		d.chose(d.now, "payment method", string(m))
		return nil
	})
}

// Requote prices an open checkout anew, from the catalogue and the rules as they are now: after Place has said that the
// quote changed, and wherever a page wants the total of this moment. A line that can no longer be bought is ErrCartChanged.
func (s *Service) Requote(ctx context.Context, owner Owner, id ID) (Record, error) {
	return s.edit(ctx, owner, id, func(d *draft) error {
		lines, err := s.recheck(ctx, d.Record, nil)
		if err != nil {
			return err
		}
		d.Lines = lines
		return s.offerShipping(ctx, d)
	})
}

// edit changes an open checkout of the owner and quotes again.
func (s *Service) edit(ctx context.Context, owner Owner, id ID, change func(*draft) error) (Record, error) {
	return s.update(ctx, id, func(d *draft) error {
		if err := d.editable(owner); err != nil {
			return err
		}
		if err := change(d); err != nil {
			return err
		}
		d.UpdatedAt = d.now
		return s.requote(ctx, d)
	})
}

func (r Record) editable(owner Owner) error {
	switch {
	case r.Owner != owner:
		return ErrNotFound
	case r.Closing != nil:
		return ErrClosed
	case r.Placed != nil:
		return ErrPlaced
	}
	return nil
}

// offerShipping keeps the chosen rate if it is offered, else picks the first.
func (s *Service) offerShipping(ctx context.Context, d *draft) error {
	rates, err := s.config.Quoter.Rates(ctx, s.quoteRequest(d.Record))
	if err != nil {
		return err
	}
	switch {
	case offered(rates, d.ShippingRate):
	case len(rates) > 0:
		d.ShippingRate = rates[0].ID
	default:
		d.ShippingRate = ""
	}
	return nil
}

func offered(rates []shipping.Rate, id string) bool {
	return slices.ContainsFunc(rates, func(r shipping.Rate) bool { return r.ID == id })
}

// requote computes the total anew from the catalogue and the rules.
func (s *Service) requote(ctx context.Context, d *draft) error {
	o, err := s.offer(ctx, d.Record)
	if err != nil {
		return err
	}
	d.take(o)
	return nil
}

func (s *Service) quoteRequest(r Record) QuoteRequest {
	return QuoteRequest{
		Lines: r.Lines, CustomerID: r.CustomerID, ShipTo: r.Shipping, BillTo: r.Billing, ShippingRate: r.ShippingRate, Coupons: r.Coupons,
		Method: r.PaymentMethod, At: s.config.Now(),
	}
}
