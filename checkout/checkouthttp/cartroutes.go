package checkouthttp

import "github.com/ankkor/ankkor/cart"

func (a *API) viewCart(r *request) (reply, error) {
	view, err := a.config.Carts.View(r.Context(), r.owner)
	if err != nil {
		return reply{}, err
	}
	return ok(view)
}

// changeCart makes one change. With an id it is made once, however often it is sent.
func (a *API) changeCart(r *request) (reply, error) {
	if _, err := parseForm(r.body); err != nil { // depth, encoding, fields given twice
		return reply{}, err
	}
	var change cart.Change
	if err := change.UnmarshalJSON(r.body); err != nil {
		return reply{}, bodyError(fieldErrors(err))
	}
	if !a.config.HoldCarts {
		view, err := a.config.Carts.Do(r.Context(), r.owner, change)
		if err != nil {
			return reply{}, err
		}
		return ok(view)
	}
	return a.changeAndHold(r, change)
}

// changeAndHold also reserves the stock. A shortage is told, and the cart stays as it was asked for: nothing is promised
// by it.
func (a *API) changeAndHold(r *request, change cart.Change) (reply, error) {
	before, err := a.config.Carts.View(r.Context(), r.owner)
	if err != nil {
		return reply{}, err
	}
	after, err := a.config.Carts.Do(r.Context(), r.owner, change)
	if err != nil {
		return reply{}, err
	}
	if err := a.config.Service.HoldCart(r.Context(), before.Cart, after.Cart); err != nil {
		return reply{}, err
	}
	return ok(after)
}

// acknowledgeCart says that the shopper has seen what the last view told.
func (a *API) acknowledgeCart(r *request) (reply, error) {
	if err := nothing(r.body); err != nil {
		return reply{}, err
	}
	view, err := a.config.Carts.Acknowledge(r.Context(), r.owner)
	if err != nil {
		return reply{}, err
	}
	return ok(view)
}

// recoverCart puts what an abandoned checkout was about into the cart of whoever follows its link.
func (a *API) recoverCart(r *request) (reply, error) {
	token, err := oneText(r.body, "token")
	if err != nil {
		return reply{}, err
	}
	view, err := a.config.Recovery.Restore(r.Context(), r.owner, token)
	if err != nil {
		return reply{}, err
	}
	return ok(view)
}

// nothing reads the body of an operation that takes no fields.
func nothing(body []byte) error {
	f, err := parseForm(body)
	if err != nil {
		return err
	}
	return f.done()
}
