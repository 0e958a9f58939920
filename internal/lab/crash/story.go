package crash

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// Story is a purchase, up to the moment the process ends.
type Story struct {
	Name  string
	Steps []Step
	// Shared is how many of the steps, from the first, are those of the first story.
	Shared int
	// Further says that it is one beyond the eight that are told in full on servers.
	Further bool
	// Spread says that the shop sends from two warehouses.
	Spread bool
}

// further marks stories beyond the eight.
func further(stories ...Story) []Story {
	for i := range stories {
		stories[i].Further = true
	}
	return stories
}

// Step is one thing somebody does. It reports whether the story goes on.
type Step func(*Trial) bool

// Stories are those that every call is spoiled in.
func Stories() []Story {
	placed := []Step{fill(2, false), start, address, ship, choose, place}
	and := func(name string, steps ...Step) Story {
		return Story{Name: name, Steps: append(append([]Step(nil), placed...), steps...), Shared: len(placed) - 1}
	}
	first := and("happy", pay, confirm, background, deliver)
	first.Shared = 0
	return append([]Story{
		first,
		{Name: "hold expired", Steps: []Step{
			fill(2, false), start, start, address, choose, wait(staleHold), place, wait(31 * time.Minute), background, pay, background,
		}, Shared: 2},
		and("webhook first", pay, background, confirm),
		and("verify first", authorize, confirm, background),
		and("both at once", pay, both),
		{Name: "coupon with a limit", Steps: []Step{
			fill(2, true), start, address, choose, by("guest:ravi"), fill(1, true), start, address, choose,
			by("guest:asha"), place, by("guest:ravi"), refusedPlace, by("guest:asha"), pay, confirm, background,
		}},
		and("cancelled", cancel, pay, background, board),
		and("refunded", forget, wait(31*time.Minute), background, buyOut, pay, background),
	}, further(
		Story{Name: "cash on delivery", Steps: []Step{
			fill(2, false), start, address, onDelivery, place, pay, confirm, background, deliver, background, remit,
		}, Shared: 3},
		and("part refunded", pay, confirm, background, refundPart),
		and("sent back", pay, confirm, background, deliver, comeBack, background),
		and("given up", giveUp, pay, background),
		Story{Name: "two warehouses", Steps: []Step{
			fill(2, false), start, lorry(9), address, choose, place, pay, confirm, background, deliver,
		}, Spread: true},
	)...)
}

// fill puts pieces into the cart. It is no part of a checkout, and so has no points.
func fill(pieces int64, withCoupon bool) Step {
	return func(t *Trial) bool {
		coupon := ""
		if withCoupon {
			coupon = t.Coupon
		}
		if err := t.fill(t.ctx, t.who.owner, pieces, coupon); err != nil {
			t.violate("trial", "the cart cannot be filled: %v", err)
			return false
		}
		return true
	}
}

func by(owner checkout.Owner) Step {
	return func(t *Trial) bool { t.as(owner); return true }
}

// keep does something and remembers the record that comes of it.
func keep(do func(context.Context, *checkout.Service, *shopper) (checkout.Record, error)) Step {
	return func(t *Trial) bool {
		return t.try(0, func(ctx context.Context, s *checkout.Service) error {
			r, err := do(ctx, s, t.who)
			if r.ID != "" {
				t.who.record = r
			}
			return err
		})
	}
}

func start(t *Trial) bool {
	return keep(func(ctx context.Context, s *checkout.Service, who *shopper) (checkout.Record, error) {
		started, err := s.Start(ctx, checkout.StartRequest{Owner: who.owner})
		return started.Record, err
	})(t)
}

func address(t *Trial) bool {
	return keep(func(ctx context.Context, s *checkout.Service, who *shopper) (checkout.Record, error) {
		done, err := s.SetAddresses(ctx, who.owner, who.record.ID, checkout.Addresses{Billing: checkout.Address{
			FirstName: "Asha", LastName: "Rao", Address1: "12 MG Road", City: "Bengaluru", State: "KA", Postcode: "560001",
			Country: "IN", Email: "asha@example.in", Phone: "9845012345",
		}})
		return done.Record, err
	})(t)
}

func ship(t *Trial) bool {
	return keep(func(ctx context.Context, s *checkout.Service, who *shopper) (checkout.Record, error) {
		rates, err := s.ShippingRates(ctx, who.owner, who.record.ID)
		if err != nil || len(rates) == 0 {
			return checkout.Record{}, err
		}
		return s.ChooseShipping(ctx, who.owner, who.record.ID, rates[0].ID)
	})(t)
}

func choose(t *Trial) bool { return t.choose(payment.MethodRazorpay) }

// onDelivery is to be paid to the courier, with a part beforehand.
func onDelivery(t *Trial) bool { return t.choose(payment.MethodCOD) }

func (t *Trial) choose(m payment.Method) bool {
	return keep(func(ctx context.Context, s *checkout.Service, who *shopper) (checkout.Record, error) {
		return s.ChoosePayment(ctx, who.owner, who.record.ID, m)
	})(t)
}

// request is what a shopper's page sends with every press of the button: the same.
func request(who *shopper) checkout.PlaceRequest {
	return checkout.PlaceRequest{
		Owner: who.owner, ID: who.record.ID, Key: "key-" + string(who.record.ID), QuoteHash: who.record.QuoteHash,
	}
}

func place(t *Trial) bool {
	return keep(func(ctx context.Context, s *checkout.Service, who *shopper) (checkout.Record, error) {
		return s.Place(ctx, request(who))
	})(t)
}

// refusedPlace is a press of the button that comes too late for the coupon: nobody presses again.
func refusedPlace(t *Trial) bool {
	_ = t.points.press(func() error {
		r, err := t.services[0].Place(as(t.ctx, 0), request(t.who))
		if err == nil {
			t.who.record = r
		}
		return err
	})
	return t.plan.Patient || !t.points.died(0)
}

// pay is what happens in the gateway's window, whatever becomes of our processes.
func pay(t *Trial) bool { return t.who.settle(t.Bank.Pay) }

// authorize leaves it to us to take the money.
func authorize(t *Trial) bool { return t.who.settle(t.Bank.Authorize) }

func (who *shopper) settle(pay func(string) (payment.Callback, error)) bool {
	if who.record.Gateway == nil {
		return false
	}
	c, err := pay(who.record.Gateway.ID)
	who.paid = c
	return err == nil
}

func confirm(t *Trial) bool { return t.confirm(0) }

func (t *Trial) confirm(number int) bool {
	who := t.who
	return t.try(number, func(ctx context.Context, s *checkout.Service) error {
		_, err := s.ConfirmPayment(ctx, who.owner, who.record.ID, who.paid)
		return err
	})
}

// background is a minute in which a process does what is due.
func background(t *Trial) bool {
	t.Advance(time.Minute)
	t.work(0)
	return !t.points.died(0)
}

// both has the callback arrive at one replica while the webhook arrives at another. They take turns at what they touch.
func both(t *Trial) bool {
	t.points.turns.begin()
	var at sync.WaitGroup
	at.Go(func() {
		defer t.points.turns.leave(0)
		_, _ = t.services[0].ConfirmPayment(as(t.ctx, 0), t.who.owner, t.who.record.ID, t.who.paid)
	})
	at.Go(func() {
		defer t.points.turns.leave(1)
		t.work(1)
	})
	at.Wait()
	return true
}

func wait(d time.Duration) Step {
	return func(t *Trial) bool { t.Advance(d); return true }
}

func cancel(t *Trial) bool {
	return keep(func(ctx context.Context, s *checkout.Service, who *shopper) (checkout.Record, error) {
		return s.Cancel(ctx, who.owner, who.record.ID, "changed my mind")
	})(t)
}

func giveUp(t *Trial) bool {
	return t.try(0, func(ctx context.Context, s *checkout.Service) error {
		_, err := s.Release(ctx, t.who.record.ID, "the piece is broken", "meera")
		return err
	})
}

// board is what staff look at. What a store cannot be asked is no reason to ask again.
func board(t *Trial) bool {
	look := func(err error) error {
		if errors.Is(err, errors.ErrUnsupported) {
			return nil
		}
		return err
	}
	return t.try(0, func(ctx context.Context, s *checkout.Service) error {
		if _, err := s.Stuck(ctx, 10); look(err) != nil {
			return err
		}
		if _, err := s.Tally(ctx, time.Time{}, t.Config.Now()); look(err) != nil {
			return err
		}
		_, err := s.LowStock(ctx, Pieces, 10)
		return look(err)
	})
}

// refundPart gives a rupee back, in one request however often it is sent.
func refundPart(t *Trial) bool {
	return t.try(0, func(ctx context.Context, s *checkout.Service) error {
		_, err := s.Refund(ctx, checkout.RefundRequest{
			ID: t.who.record.ID, Key: "goodwill", Amount: rupee(t.who.record), Reason: "a scratch", Actor: "meera",
		})
		return err
	})
}

// remit is the courier handing over what was collected, told twice.
func remit(t *Trial) bool {
	for range 2 {
		if !t.try(0, func(ctx context.Context, s *checkout.Service) error {
			_, err := s.RecordRemittance(ctx, checkout.RemittanceRequest{
				ID: t.who.record.ID, Key: "transfer-1", Amount: t.who.record.Placed.Plan.OnDelivery, Actor: "courier",
			})
			return err
		}) {
			return false
		}
	}
	return true
}

// comeBack is the parcel returning, with everything in it fit to be sold again.
func comeBack(t *Trial) bool {
	return t.try(0, func(ctx context.Context, s *checkout.Service) error {
		_, err := s.RecordReturn(ctx, checkout.ReturnRequest{
			ID: t.who.record.ID, Key: "parcel-1", Restock: true, Reason: "nobody at home", Actor: "meera",
		})
		return err
	})
}

// deliver is the end of a happy story.
func deliver(t *Trial) bool {
	return t.try(0, func(ctx context.Context, s *checkout.Service) error {
		_, err := s.RecordDelivery(ctx, t.who.record.ID, t.Config.Now(), "meera")
		return err
	})
}

// forget has the Reserver lose its memory. Run's guard looks after it from then on.
func forget(t *Trial) bool {
	if t.Forget != nil {
		t.Forget()
		t.doubtful = true
	}
	return true
}

// lorry takes pieces to the other warehouse, which the shopper's hold may be among.
func lorry(pieces int64) Step {
	return func(t *Trial) bool {
		if err := t.send(t.ctx, "mumbai", "bengaluru", pieces); err != nil {
			t.violate("trial", "nothing can be sent to the other warehouse: %v", err)
			return false
		}
		return true
	}
}

// buyOut has somebody at the counter take what is left.
func buyOut(t *Trial) bool {
	if err := t.buyOut(t.ctx); err != nil {
		t.violate("trial", "nothing can be sold at the counter: %v", err)
		return false
	}
	return true
}
