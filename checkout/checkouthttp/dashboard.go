package checkouthttp

import (
	"strconv"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing"
)

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
