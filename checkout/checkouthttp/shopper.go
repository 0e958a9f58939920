package checkouthttp

import (
	"net/http"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing/shipping"
)

// start begins a checkout from the cart, or brings the open one in step with it.
func (a *API) start(r *request) (reply, error) {
	if err := nothing(r.body); err != nil {
		return reply{}, err
	}
	var customer int64
	if a.config.CustomerID != nil {
		var err error
		if customer, err = a.config.CustomerID(r.Request); err != nil {
			return reply{}, unless(err, errNobody)
		}
	}
	started, err := a.config.Service.Start(r.Context(), checkout.StartRequest{Owner: r.owner, CustomerID: customer})
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusCreated, body: startedForm{Checkout: show(started.Record), Dropped: dropped(started.Dropped)}}, nil
}

func (a *API) current(r *request) (reply, error) {
	return a.shown(a.config.Service.Current(r.Context(), r.owner))
}

func (a *API) get(r *request) (reply, error) {
	return a.shown(a.config.Service.Get(r.Context(), r.owner, r.id))
}

// shown answers with the shopper's view of a checkout.
func (a *API) shown(record checkout.Record, err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	return ok(show(record))
}

func (a *API) setAddresses(r *request) (reply, error) {
	f, err := parseForm(r.body)
	if err != nil {
		return reply{}, err
	}
	var in checkout.Addresses
	billing, given := f.object("billing")
	if !given && !f.complained("billing") {
		f.complain("billing", "is required")
	}
	in.Billing = address(billing)
	shipTo, _ := f.object("shipping")
	in.Shipping = address(shipTo)
	in.Note = f.text("note")
	if err := f.done(); err != nil {
		return reply{}, err
	}
	addressed, err := a.config.Service.SetAddresses(r.Context(), r.owner, r.id, in)
	if err != nil {
		return reply{}, err
	}
	notices := make([]FieldError, 0, len(addressed.Notices))
	for _, n := range addressed.Notices {
		notices = append(notices, FieldError{Field: n.Field, Reason: n.Reason})
	}
	return ok(addressedForm{Checkout: show(addressed.Record), Notices: notices})
}

// address takes the fields of an address; what they may say is for checkout.CheckAddress.
func address(f *form) checkout.Address {
	a := checkout.Address{
		FirstName: f.text("first_name"), LastName: f.text("last_name"), Company: f.text("company"),
		Address1: f.text("address_1"), Address2: f.text("address_2"), City: f.text("city"), District: f.text("district"),
		State: f.text("state"), Postcode: f.text("postcode"), Country: f.text("country"),
		Email: f.text("email"), Phone: f.text("phone"),
	}
	_ = f.done() // collected by the form around it
	f.fields = nil
	return a
}

func (a *API) shippingRates(r *request) (reply, error) {
	rates, err := a.config.Service.ShippingRates(r.Context(), r.owner, r.id)
	if err != nil {
		return reply{}, err
	}
	if rates == nil {
		return ok(ratesForm{Needed: false, Rates: []shipping.Rate{}})
	}
	return ok(ratesForm{Needed: true, Rates: rates})
}

func (a *API) chooseShipping(r *request) (reply, error) {
	rate, err := oneText(r.body, "rate")
	if err != nil {
		return reply{}, err
	}
	return a.shown(a.config.Service.ChooseShipping(r.Context(), r.owner, r.id, rate))
}

func (a *API) choosePayment(r *request) (reply, error) {
	method, err := oneText(r.body, "method")
	if err != nil {
		return reply{}, err
	}
	return a.shown(a.config.Service.ChoosePayment(r.Context(), r.owner, r.id, payment.Method(method)))
}

func oneText(body []byte, name string) (string, error) {
	f, err := parseForm(body)
	if err != nil {
		return "", err
	}
	value := f.needText(name)
	return value, f.done()
}

func (a *API) paymentMethods(*request) (reply, error) {
	options := a.config.Service.PaymentOptions()
	list := methodsForm{Methods: make([]methodForm, 0, len(options))}
	for _, o := range options {
		list.Methods = append(list.Methods, a.method(o))
	}
	return ok(list)
}

func (a *API) requote(r *request) (reply, error) {
	if err := nothing(r.body); err != nil {
		return reply{}, err
	}
	return a.shown(a.config.Service.Requote(r.Context(), r.owner, r.id))
}

func (a *API) cancel(r *request) (reply, error) {
	f, err := parseForm(r.body)
	if err != nil {
		return reply{}, err
	}
	reason := f.text("reason")
	if err := f.done(); err != nil {
		return reply{}, err
	}
	return a.shown(a.config.Service.Cancel(r.Context(), r.owner, r.id, reason))
}
