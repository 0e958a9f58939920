package warehouse_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/warehouse"
)

var (
	_ warehouse.Books  = (*memstore.Stock)(nil)
	_ inventory.Levels = silent{}
)

// room is a stock-room over ten mugs and two saris in Delhi.
type room struct {
	*warehouse.Stockroom
	stock *memstore.Stock
	t     *testing.T
}

func newRoom(t *testing.T) *room {
	t.Helper()
	r := &room{stock: memstore.NewStock(memstore.StockConfig{}), t: t}
	r.Stockroom = warehouse.NewStockroom(r.stock, nil)
	for item, n := range map[inventory.Item]int64{mug: 10, sari: 2} {
		if err := r.stock.Receive(t.Context(), item.At("delhi"), n); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func (r *room) levels() []inventory.Level {
	r.t.Helper()
	levels, err := r.stock.Levels(r.t.Context(), []inventory.Item{mug, sari})
	if err != nil {
		r.t.Fatal(err)
	}
	return levels
}

// onHand is what there is of an item at a location.
func (r *room) onHand(item inventory.Item, at inventory.Location) int64 {
	r.t.Helper()
	for _, l := range r.levels() {
		if l.Key == item.At(at) {
			return l.OnHand
		}
	}
	return 0
}

// conserved checks the books at every place, and that the totals are those the room began with.
func (r *room) conserved() {
	r.t.Helper()
	entries, err := r.stock.Entries(r.t.Context(), inventory.LedgerQuery{})
	if err != nil {
		r.t.Fatal(err)
	}
	total := map[inventory.Item]int64{}
	for _, l := range r.levels() {
		if err := inventory.Conserved(entries, l); err != nil {
			r.t.Error(err)
		}
		if l.Oversold() > 0 || l.OnHand < 0 {
			r.t.Errorf("%+v", l)
		}
		total[l.Key.Item] += l.OnHand
	}
	if total[mug] != 10 || total[sari] != 2 {
		r.t.Errorf("%v", total)
	}
}

func some(id string, mugs, saris int64) warehouse.Transfer {
	t := warehouse.Transfer{ID: id, From: "delhi", To: "kochi", Actor: "meera"}
	for _, l := range []inventory.Line{{Item: mug, Quantity: mugs}, {Item: sari, Quantity: saris}} {
		if l.Quantity != 0 {
			t.Lines = append(t.Lines, l)
		}
	}
	return t
}

func TestTransfer(t *testing.T) {
	r := newRoom(t)
	transfer := some("t1", 4, 2)
	transfer.Lines = append(transfer.Lines, inventory.Line{Item: mug, Quantity: 1})
	levels, err := r.Transfer(t.Context(), transfer)
	if err != nil || len(levels) != 4 {
		t.Fatalf("%d levels, %v", len(levels), err)
	}
	for key, want := range map[inventory.Key]int64{mug.At("delhi"): 5, mug.At("kochi"): 5, sari.At("delhi"): 0, sari.At("kochi"): 2} {
		if got := r.onHand(key.Item, key.Location); got != want {
			t.Errorf("%d of %s, want %d", got, key, want)
		}
	}
	r.conserved()
	entries, err := r.stock.Entries(t.Context(), inventory.LedgerQuery{Ref: "t1"})
	if err != nil || len(entries) != 8 || entries[0].Actor != "meera" || entries[0].Reason != "transfer from delhi to kochi" {
		t.Errorf("%d entries, %v: %+v", len(entries), err, entries)
	}
}

// TestTheSameTransferAgain changes nothing; another one under its ID is refused.
func TestTheSameTransferAgain(t *testing.T) {
	r := newRoom(t)
	for range 3 {
		if _, err := r.Transfer(t.Context(), some("t1", 8, 0)); err != nil {
			t.Fatal(err)
		}
	}
	back := some("t1", 8, 0)
	back.From, back.To = back.To, back.From
	farther := some("t1", 8, 0)
	farther.To = "pune"
	for name, other := range map[string]warehouse.Transfer{
		"fewer": some("t1", 1, 0), "more": some("t1", 8, 1), "other things": some("t1", 0, 2), "back": back, "elsewhere": farther,
	} {
		if _, err := r.Transfer(t.Context(), other); !errors.Is(err, warehouse.ErrUsed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	claim := inventory.Move{Kind: inventory.Allocate, Ref: "chk_1", Lines: []inventory.Held{{Key: mug.At("kochi"), Quantity: 1}}}
	if _, err := r.stock.Move(t.Context(), claim); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Transfer(t.Context(), some("chk_1", 1, 0)); !errors.Is(err, warehouse.ErrUsed) {
		t.Errorf("a checkout's id: %v", err)
	}
	if got := r.onHand(mug, "kochi"); got != 8 {
		t.Errorf("%d mugs in Kochi", got)
	}
	r.conserved()
}

// TestWhatStays: pieces somebody has a claim on, or that are not there, do not travel, and neither does the rest.
func TestWhatStays(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*room) error
		want   error
	}{
		"allocated": {func(r *room) error {
			_, err := r.stock.Move(t.Context(), inventory.Move{Kind: inventory.Allocate, Ref: "chk_1", Lines: []inventory.Held{{Key: mug.At("delhi"), Quantity: 7}}})
			return err
		}, inventory.ErrInsufficient},
		"reserved": {func(r *room) error {
			_, err := r.stock.Reserve(t.Context(), inventory.ReserveRequest{
				ID: "r1", Owner: "cart", Lines: []inventory.Line{{Item: mug, Quantity: 7}}, Locations: []inventory.Location{"delhi"}})
			return err
		}, inventory.ErrInsufficient},
		"only promised": {func(r *room) error {
			return r.stock.SetLevels(t.Context(), []inventory.Level{
				{Key: mug.At("delhi"), OnHand: 3, Policy: inventory.Backorder, BackorderLimit: 100, Revision: 9}, {Key: mug.At("pune"), OnHand: 7}})
		}, inventory.ErrInsufficient},
		"not counted": {func(r *room) error {
			return r.stock.SetLevels(t.Context(), []inventory.Level{{Key: mug.At("delhi"), OnHand: 10, Policy: inventory.Untracked, Revision: 9}})
		}, inventory.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t)
			if err := c.before(r); err != nil {
				t.Fatal(err)
			}
			if _, err := r.Transfer(t.Context(), some("t1", 4, 1)); !errors.Is(err, c.want) {
				t.Errorf("%v", err)
			}
			if r.onHand(sari, "kochi") != 0 {
				t.Error("half of it travelled")
			}
			r.conserved()
		})
	}
}

// TestTransfersRace for ten mugs with orders: no piece is in two places, and no order loses one.
func TestTransfersRace(t *testing.T) {
	r := newRoom(t)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			switch i % 3 {
			case 0:
				_, _ = r.Transfer(t.Context(), some(fmt.Sprintf("t%d", i), 2, 0))
			case 1:
				back := some(fmt.Sprintf("t%d", i), 1, 0)
				back.From, back.To = back.To, back.From
				_, _ = r.Transfer(t.Context(), back)
			default:
				_, _ = r.stock.Move(t.Context(), inventory.Move{
					Kind: inventory.Allocate, Ref: fmt.Sprintf("chk_%d", i), Lines: []inventory.Held{{Key: mug.At("delhi"), Quantity: 1}}})
			}
		})
	}
	wg.Wait()
	r.conserved()
}

// TestTheClaimGuards: what was free when it was looked at may be gone when the moves arrive, and then they are refused whole.
func TestTheClaimGuards(t *testing.T) {
	r := newRoom(t)
	moves, err := some("t1", 6, 1).Moves()
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []error{nil, inventory.ErrInsufficient} {
		if _, err := r.stock.Move(t.Context(), moves...); !errors.Is(err, want) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if got := r.onHand(mug, "delhi"); got != 4 {
		t.Errorf("%d mugs in Delhi", got)
	}
	r.conserved()
}

func TestBadTransfers(t *testing.T) {
	r := newRoom(t)
	good := func(change func(*warehouse.Transfer)) warehouse.Transfer {
		transfer := some("t1", 1, 1)
		change(&transfer)
		return transfer
	}
	for name, bad := range map[string]warehouse.Transfer{
		"nothing":        {},
		"no id":          good(func(t *warehouse.Transfer) { t.ID = "" }),
		"hostile id":     good(func(t *warehouse.Transfer) { t.ID = "{x} \x00" }),
		"long id":        good(func(t *warehouse.Transfer) { t.ID = strings.Repeat("x", 10_000) }),
		"to itself":      good(func(t *warehouse.Transfer) { t.To = t.From }),
		"from nowhere":   good(func(t *warehouse.Transfer) { t.From = "" }),
		"to nowhere":     good(func(t *warehouse.Transfer) { t.To = "a b" }),
		"no lines":       good(func(t *warehouse.Transfer) { t.Lines = nil }),
		"too many lines": good(func(t *warehouse.Transfer) { t.Lines = slices.Repeat(t.Lines, 101) }),
		"none of it":     good(func(t *warehouse.Transfer) { t.Lines[1].Quantity = 0 }),
		"less than none": good(func(t *warehouse.Transfer) { t.Lines[1].Quantity = -1 }),
		"overflow":       good(func(t *warehouse.Transfer) { t.Lines[1].Quantity = 1<<63 - 1 }),
		"no item":        good(func(t *warehouse.Transfer) { t.Lines[1].Item = "" }),
		"binary reason":  good(func(t *warehouse.Transfer) { t.Reason = "a\x00b" }),
		"long actor":     good(func(t *warehouse.Transfer) { t.Actor = strings.Repeat("x", 501) }),
	} {
		if _, err := r.Transfer(t.Context(), bad); !errors.Is(err, inventory.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Transfer(t.Context(), good(func(t *warehouse.Transfer) { t.Lines[0].Item = "product:404" })); !errors.Is(err, inventory.ErrInsufficient) {
		t.Errorf("unknown item: %v", err)
	}
	if r.onHand(sari, "kochi") != 0 || r.onHand(mug, "kochi") != 0 {
		t.Error("something travelled")
	}
	r.conserved()
}

// silent is a reserver that is away.
type silent struct{}

func (silent) Levels(context.Context, []inventory.Item) ([]inventory.Level, error) {
	return nil, errors.New("away")
}
func (silent) SetLevels(context.Context, []inventory.Level) error { return errors.New("away") }

// TestTheReserverIsTold, at the latest when the transfer is sent again.
func TestTheReserverIsTold(t *testing.T) {
	r, front := newRoom(t), memstore.NewStock(memstore.StockConfig{})
	levels, err := warehouse.NewStockroom(r.stock, silent{}).Transfer(t.Context(), some("t1", 4, 0))
	if err == nil || len(levels) != 2 {
		t.Fatalf("%d levels, %v", len(levels), err)
	}
	if _, err := warehouse.NewStockroom(r.stock, front).Transfer(t.Context(), some("t1", 4, 0)); err != nil {
		t.Fatal(err)
	}
	told, err := front.Levels(t.Context(), []inventory.Item{mug})
	if err != nil || len(told) != 2 || told[0].OnHand != 6 || told[1].OnHand != 4 {
		t.Errorf("%+v, %v", told, err)
	}
	r.conserved()
}

// lossy are books whose first answer to a move is lost.
type lossy struct {
	*memstore.Stock
	lost *bool
}

func (l lossy) Move(ctx context.Context, moves ...inventory.Move) ([]inventory.Level, error) {
	levels, err := l.Stock.Move(ctx, moves...)
	if !*l.lost {
		*l.lost = true
		return nil, context.DeadlineExceeded
	}
	return levels, err
}

// TestALostAnswer is found in the books.
func TestALostAnswer(t *testing.T) {
	r := newRoom(t)
	again := warehouse.NewStockroom(lossy{r.stock, new(bool)}, nil)
	if _, err := again.Transfer(t.Context(), some("t1", 3, 0)); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	if _, err := again.Transfer(t.Context(), some("t1", 3, 0)); err != nil || r.onHand(mug, "kochi") != 3 {
		t.Fatalf("%d in Kochi, %v", r.onHand(mug, "kochi"), err)
	}
	r.conserved()
}

// TestAReadingAfterATransfer finds what it found before: the total is the store of record's number.
func TestAReadingAfterATransfer(t *testing.T) {
	r := newRoom(t)
	if _, err := r.Transfer(t.Context(), some("t1", 4, 0)); err != nil {
		t.Fatal(err)
	}
	tickets, err := r.stock.Tickets(t.Context(), []inventory.Item{mug})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		onHand, kochi, delhi int64
		want                 inventory.Verdict
	}{{10, 4, 6, inventory.Agreed}, {8, 2, 6, inventory.Corrected}} {
		applied, err := r.stock.ApplyReadings(t.Context(), []inventory.Reading{{Ticket: tickets[0], OnHand: c.onHand, Location: "kochi"}})
		if err != nil || applied[0].Verdict != c.want || r.onHand(mug, "kochi") != c.kochi || r.onHand(mug, "delhi") != c.delhi {
			t.Fatalf("%+v, %v", applied, err)
		}
		if tickets, err = r.stock.Tickets(t.Context(), []inventory.Item{mug}); err != nil {
			t.Fatal(err)
		}
	}
}
