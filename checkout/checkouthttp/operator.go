package checkouthttp

import (
	"net/url"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

func (a *API) operatorRoutes() []route {
	return []route{
		{"GET", "/operator/dashboard", operator, a.dashboard},
		{"GET", "/operator/stuck", operator, a.stuck},
		{"GET", "/operator/checkouts/{id}", operator, a.explain},
		{"POST", "/operator/checkouts/{id}/recheck", operator, a.recheck},
		{"POST", "/operator/checkouts/{id}/retry", operator, a.retry},
		{"POST", "/operator/checkouts/{id}/release", operator, a.release},
		{"POST", "/operator/checkouts/{id}/refunds", operator, a.refund},
		{"POST", "/operator/checkouts/{id}/shipment", operator, a.shipped},
		{"POST", "/operator/checkouts/{id}/delivery", operator, a.delivered},
	}
}

// caseForm is a checkout as staff see it: how it stands, what is due and why, what happened. Whose it is and where it goes
// is the back office's to show.
type caseForm struct {
	ID          checkout.ID              `json:"id"`
	Status      checkout.Status          `json:"status"`
	CreatedAt   time.Time                `json:"created_at"`
	UpdatedAt   time.Time                `json:"updated_at"`
	Total       *pricing.Money           `json:"total,omitempty"`
	Method      payment.Method           `json:"payment_method,omitempty"`
	Gateway     string                   `json:"gateway_order,omitempty"`
	Order       int64                    `json:"order,omitempty"`
	OrderNumber string                   `json:"order_number,omitempty"`
	Stock       checkout.StockState      `json:"stock,omitempty"`
	Stuck       bool                     `json:"stuck"`
	Next        nextForm                 `json:"next"`
	Attempts    []attemptForm            `json:"attempts"`
	Alerts      []string                 `json:"alerts"`
	Payments    []paymentForm            `json:"payments"`
	Refunds     []refundForm             `json:"refunds"`
	Timeline    []checkout.TimelineEntry `json:"timeline"`
}

type nextForm struct {
	Effect checkout.EffectKind `json:"effect"`
	About  string              `json:"about,omitempty"`
	Until  *time.Time          `json:"until,omitempty"`
	Why    string              `json:"why,omitempty"`
}

type attemptForm struct {
	Effect   checkout.EffectKind `json:"effect"`
	About    string              `json:"about,omitempty"`
	Attempts int                 `json:"attempts"`
	Error    string              `json:"error,omitempty"`
	GivenUp  bool                `json:"given_up"`
}

type paymentForm struct {
	ID       string         `json:"id"`
	Amount   pricing.Money  `json:"amount"`
	Refunded pricing.Money  `json:"refunded"`
	Status   payment.Status `json:"status"`
}

func (a *API) explain(r *request) (reply, error) {
	e, err := a.config.Service.Explain(r.Context(), r.id)
	if err != nil {
		return reply{}, err
	}
	return ok(explained(e))
}

// worked answers with the checkout as it stands after something was done to it.
func (a *API) worked(r *request, _ checkout.Record, err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	return a.explain(r)
}

func explained(e checkout.Explanation) caseForm {
	r := e.Record
	f := caseForm{
		ID: r.ID, Status: e.Status, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, Method: r.PaymentMethod, Stock: r.Stock, Stuck: r.Stuck(),
		Next:     nextForm{Effect: e.Next.Kind, About: e.Next.Ref, Until: given(e.Next.Until), Why: e.Next.Why},
		Attempts: []attemptForm{}, Alerts: append([]string{}, r.Alerts...), Payments: []paymentForm{}, Refunds: []refundForm{},
		Timeline: append([]checkout.TimelineEntry{}, r.Timeline...),
	}
	if r.Quote != nil {
		f.Total = &r.Quote.Totals.Total
	}
	if r.Gateway != nil {
		f.Gateway = r.Gateway.ID
	}
	if r.Order != nil {
		f.Order, f.OrderNumber = r.Order.ID, r.Order.Number
	}
	for _, i := range r.Intents {
		f.Attempts = append(f.Attempts, attemptForm{Effect: i.Effect, About: i.Ref, Attempts: i.Attempts, Error: i.Error, GivenUp: i.Dead})
	}
	for _, p := range r.Payments.Payments() {
		f.Payments = append(f.Payments, paymentForm{ID: p.ID, Amount: p.Amount, Refunded: p.Refunded, Status: p.Status})
	}
	for _, refund := range r.Refunds {
		f.Refunds = append(f.Refunds, refundForm{Amount: refund.Amount, At: refund.At})
	}
	return f
}

// recheck asks the gateway what became of the payments.
func (a *API) recheck(r *request) (reply, error) {
	if err := nothing(r.body); err != nil {
		return reply{}, err
	}
	record, err := a.config.Service.Recheck(r.Context(), r.id)
	return a.worked(r, record, err)
}

// retry makes due again what was given up.
func (a *API) retry(r *request) (reply, error) {
	if err := nothing(r.body); err != nil {
		return reply{}, err
	}
	record, err := a.config.Service.Retry(r.Context(), r.id, r.actor)
	return a.worked(r, record, err)
}

// release ends a checkout that cannot become an order: its stock is let go, what came is refunded.
func (a *API) release(r *request) (reply, error) {
	reason, err := oneText(r.body, "reason")
	if err != nil {
		return reply{}, err
	}
	known, err := a.config.Service.Explain(r.Context(), r.id)
	if err != nil {
		return reply{}, err
	}
	if known.Record.Placed == nil {
		record, err := a.config.Service.Cancel(r.Context(), known.Record.Owner, r.id, reason)
		return a.worked(r, record, err)
	}
	record, err := a.config.Service.GiveUp(r.Context(), r.id, reason, r.actor)
	return a.worked(r, record, err)
}

// refund gives money of a good sale back, once for each Idempotency-Key.
func (a *API) refund(r *request) (reply, error) {
	key, err := idempotencyKey(r.Request)
	if err != nil {
		return reply{}, err
	}
	f, err := parseForm(r.body)
	if err != nil {
		return reply{}, err
	}
	minor, currency, reason := f.whole("amount_minor"), f.needText("currency"), f.needText("reason")
	if err := f.done(); err != nil {
		return reply{}, err
	}
	amount, err := pricing.New(minor, pricing.Currency(currency))
	if err != nil {
		return reply{}, invalidBody("currency", "is not a currency")
	}
	record, err := a.config.Service.Refund(r.Context(), checkout.RefundRequest{ID: r.id, Key: key, Amount: amount, Reason: reason, Actor: r.actor})
	return a.worked(r, record, err)
}

func (a *API) shipped(r *request) (reply, error) {
	f, err := parseForm(r.body)
	if err != nil {
		return reply{}, err
	}
	sh := checkout.Shipment{Carrier: f.needText("carrier"), Tracking: f.text("tracking"), TrackingURL: f.text("tracking_url")}
	if sh.TrackingURL != "" && !isWebAddress(sh.TrackingURL) {
		f.complain("tracking_url", "is not an https address")
	}
	if err := f.done(); err != nil {
		return reply{}, err
	}
	record, err := a.config.Service.RecordShipment(r.Context(), r.id, sh, r.actor)
	return a.worked(r, record, err)
}

// isWebAddress reports whether a shopper's page may link to a text.
func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Host != ""
}

func (a *API) delivered(r *request) (reply, error) {
	if err := nothing(r.body); err != nil {
		return reply{}, err
	}
	record, err := a.config.Service.RecordDelivery(r.Context(), r.id, time.Time{}, r.actor)
	return a.worked(r, record, err)
}

type stuckForm struct {
	Checkouts []stuckLine `json:"checkouts"`
}

type stuckLine struct {
	ID     checkout.ID     `json:"id"`
	Status checkout.Status `json:"status"`
	Since  time.Time       `json:"since"`
	Alerts []string        `json:"alerts"`
}

func (a *API) stuck(r *request) (reply, error) {
	limit, err := queryWhole(r, "limit", 50, 500)
	if err != nil {
		return reply{}, err
	}
	records, err := a.config.Service.Stuck(r.Context(), int(limit))
	if err != nil {
		return reply{}, err
	}
	list := stuckForm{Checkouts: []stuckLine{}}
	for _, record := range records {
		list.Checkouts = append(list.Checkouts, stuckLine{
			ID: record.ID, Status: record.Status(), Since: record.UpdatedAt, Alerts: append([]string{}, record.Alerts...),
		})
	}
	return ok(list)
}

type dashboardForm struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	checkout.Tally
	LowStock []levelForm `json:"low_stock"`
}

type levelForm struct {
	Item      inventory.Item     `json:"item"`
	Location  inventory.Location `json:"location"`
	Available int64              `json:"available"`
}

// dashboard counts a day, today unless the request says since when.
func (a *API) dashboard(r *request) (reply, error) {
	from, err := a.since(r)
	if err != nil {
		return reply{}, err
	}
	atMost, err := queryWhole(r, "low", 5, inventory.MaxQuantity)
	if err != nil {
		return reply{}, err
	}
	board := dashboardForm{From: from, To: from.AddDate(0, 0, 1), LowStock: []levelForm{}}
	if board.Tally, err = a.config.Service.Tally(r.Context(), board.From, board.To); err != nil {
		return reply{}, err
	}
	board.Revenue, board.Refunds = orNone(board.Revenue), orNone(board.Refunds)
	board.PendingWorth = orNone(board.PendingWorth)
	low, err := a.config.Service.LowStock(r.Context(), atMost, 50)
	if err != nil {
		return reply{}, err
	}
	for _, l := range low {
		board.LowStock = append(board.LowStock, levelForm{Item: l.Key.Item, Location: l.Key.Location, Available: l.Available()})
	}
	return ok(board)
}

func orNone(list []pricing.Money) []pricing.Money { return append([]pricing.Money{}, list...) }

// since is the beginning of the day asked about, in the shop's time zone.
func (a *API) since(r *request) (time.Time, error) {
	day := r.URL.Query().Get("day")
	if day == "" {
		now := a.config.Now().In(a.config.TimeZone)
		return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, a.config.TimeZone), nil
	}
	from, err := time.ParseInLocation(time.DateOnly, day, a.config.TimeZone)
	if err != nil {
		return time.Time{}, invalidBody("day", "is not a day such as 2026-11-08")
	}
	return from, nil
}

// queryWhole is a number in the query, from 0 to most.
func queryWhole(r *request, name string, fallback, most int64) (int64, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > most {
		return 0, invalidBody(name, "is not a whole number in range")
	}
	return n, nil
}
