package main

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
)

// setStock counts an item anew, here and in WooCommerce. A count below what is claimed stands: claims are kept, and what
// is available becomes negative until somebody finds the pieces or cancels.
func (s *server) setStock(w http.ResponseWriter, r *http.Request) error {
	item, err := inventory.ParseItem(r.PostFormValue("item"))
	if err != nil || s.counted[item] == "" {
		return errForm
	}
	quantity, err := strconv.ParseInt(r.PostFormValue("quantity"), 10, 64)
	id, known := idOf(item)
	if err != nil || !known || quantity < 0 || quantity > inventory.MaxQuantity {
		return s.showCounter(w, r, http.StatusUnprocessableEntity, "A count is a whole number from 0 to "+count(inventory.MaxQuantity)+". Nothing was changed.")
	}
	if err = s.recount(r, item, quantity); err == nil {
		err = s.store.SetStock(id, quantity)
	}
	return s.afterWork(w, r, "Counting anew", err)
}

// recount moves our own level to the quantity.
func (s *server) recount(r *http.Request, item inventory.Item, quantity int64) error {
	levels, err := s.checkout.Levels(r.Context(), item)
	if err != nil || len(levels) == 0 || levels[0].OnHand == quantity {
		return err
	}
	_, err = s.stock.Move(r.Context(), inventory.Move{
		Kind: inventory.Adjust, Ref: "counter", Actor: "counter", Reason: "counted",
		Lines: []inventory.Held{{Key: levels[0].Key, Quantity: quantity - levels[0].OnHand}},
	})
	return err
}

// idOf is WooCommerce's id of an item such as "product:11".
func idOf(item inventory.Item) (int64, bool) {
	_, digits, _ := strings.Cut(string(item), ":")
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, err == nil
}

func (s *server) ship(w http.ResponseWriter, r *http.Request) error {
	_, err := s.checkout.RecordShipment(r.Context(), checkout.ID(r.PathValue("id")), checkout.Shipment{
		Carrier: "India Post", Tracking: strings.TrimSpace(r.PostFormValue("tracking")),
	}, "counter")
	return s.afterWork(w, r, "Marking it as sent", err)
}

func (s *server) deliver(w http.ResponseWriter, r *http.Request) error {
	_, err := s.checkout.RecordDelivery(r.Context(), checkout.ID(r.PathValue("id")), time.Now(), "counter")
	return s.afterWork(w, r, "Marking it as delivered", err)
}

// cashArrived notes that the courier has handed over what was collected at the door. The reference is the checkout, so that
// pressing twice notes it once.
func (s *server) cashArrived(w http.ResponseWriter, r *http.Request) error {
	id := checkout.ID(r.PathValue("id"))
	known, err := s.checkout.Explain(r.Context(), id)
	if err != nil {
		return err
	}
	_, err = s.checkout.RecordRemittance(r.Context(), checkout.RemittanceRequest{
		ID: id, Key: "counter-" + string(id), Amount: known.Record.DueOnDelivery(), Actor: "counter",
	})
	return s.afterWork(w, r, "Noting the cash", err)
}

func (s *server) retry(w http.ResponseWriter, r *http.Request) error {
	_, err := s.checkout.Retry(r.Context(), checkout.ID(r.PathValue("id")), "counter")
	return s.afterWork(w, r, "Trying again", err)
}

// giveUp ends a checkout that cannot become an order: what came is refunded, what was claimed is let go.
func (s *server) giveUp(w http.ResponseWriter, r *http.Request) error {
	_, err := s.checkout.GiveUp(r.Context(), checkout.ID(r.PathValue("id")), "The shop could not make this order", "counter")
	return s.afterWork(w, r, "Giving up", err)
}

// afterWork goes back to the counter, or shows it with what went wrong: staff see the reason as the packages give it.
func (s *server) afterWork(w http.ResponseWriter, r *http.Request, what string, err error) error {
	switch {
	case err == nil:
		return toCounter(w, r)
	case nowhere(err):
		return err
	case senders(err):
		return s.showCounter(w, r, http.StatusUnprocessableEntity, what+" was refused: "+clip(err.Error()))
	}
	s.log.WarnContext(r.Context(), "counter", "what", what, "error", clip(err.Error()))
	return s.showCounter(w, r, http.StatusConflict, what+" did not work: "+clip(err.Error()))
}

func toCounter(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, "/counter", http.StatusSeeOther)
	return nil
}
