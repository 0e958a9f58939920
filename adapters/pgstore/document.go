package pgstore

import (
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// document is what the function write takes beside the columns of checkouts. Parts that are empty are left out.
type document struct {
	Now      time.Time     `json:"now"`
	Stock    []stockRow    `json:"stock,omitempty"`
	Entries  []entryRow    `json:"entries,omitempty"`
	Ended    []endedRow    `json:"ended,omitempty"`
	Extended []extendedRow `json:"extended,omitempty"`
	Made     []madeRow     `json:"made,omitempty"`
	Holds    []holdRow     `json:"holds,omitempty"`
}

type stockRow struct {
	Item           inventory.Item     `json:"item"`
	Location       inventory.Location `json:"location"`
	OnHand         int64              `json:"on_hand"`
	Allocated      int64              `json:"allocated"`
	Sold           int64              `json:"sold"`
	Shipped        int64              `json:"shipped"`
	Policy         inventory.Policy   `json:"policy"`
	BackorderLimit int64              `json:"backorder_limit"`
	Revision       int64              `json:"revision"`
	Was            *int64             `json:"was"`
	Cut            bool               `json:"cut"`
}

func (r stockRow) key() inventory.Key { return r.Item.At(r.Location) }

type entryRow struct {
	Item     inventory.Item     `json:"item"`
	Location inventory.Location `json:"location"`
	Kind     inventory.MoveKind `json:"kind"`
	From     inventory.Account  `json:"from_account"`
	To       inventory.Account  `json:"to_account"`
	Quantity int64              `json:"quantity"`
	Ref      string             `json:"ref"`
	Reason   string             `json:"reason"`
	Actor    string             `json:"actor"`
}

type endedRow struct {
	ID    string                     `json:"id"`
	State inventory.ReservationState `json:"state"`
	At    time.Time                  `json:"at"`
}

type extendedRow struct {
	ID        string    `json:"id"`
	ExpiresAt time.Time `json:"expires_at"`
}

type madeRow struct {
	ID          string           `json:"id"`
	Owner       string           `json:"owner"`
	Fingerprint string           `json:"fingerprint"`
	Lines       []inventory.Held `json:"lines"`
	CreatedAt   time.Time        `json:"created_at"`
	ExpiresAt   time.Time        `json:"expires_at"`
}

type holdRow struct {
	Item        inventory.Item     `json:"item"`
	Location    inventory.Location `json:"location"`
	Reservation string             `json:"reservation"`
	Quantity    int64              `json:"quantity"`
	ExpiresAt   time.Time          `json:"expires_at"`
}

// document is what the desk has come to, nil when there is nothing to write.
func (d *desk) document() *document {
	p := &document{
		Now: d.now, Stock: d.stockRows(), Entries: d.entries, Ended: d.ended, Extended: d.extended, Made: d.made, Holds: d.holds,
	}
	if len(p.Stock)+len(p.Entries)+len(p.Ended)+len(p.Extended)+len(p.Made)+len(d.records.ids) == 0 {
		return nil
	}
	return p
}
