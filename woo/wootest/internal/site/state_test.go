package site_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/woo/wootest"
	"github.com/ankkor/ankkor/woo/wootest/internal/shop"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
)

// load reads the rows of the embedded catalogue.
func load(t *testing.T) *site.State {
	t.Helper()
	st := site.Load(&shop.Loader{Files: wootest.Catalogue(), URL: "http://shop.example.test"}, []byte("key"))
	if len(st.Products) == 0 || len(st.Users) == 0 {
		t.Fatal("the catalogue is empty")
	}
	return st
}

// TestCloneIsASnapshot: what is edited afterwards does not show in it, nor what is
// edited in it here.
func TestCloneIsASnapshot(t *testing.T) {
	st := load(t)
	st.Orders[500] = &site.Order{ID: 500, Status: "pending", Lines: []*site.OrderLine{{ID: 1, Quantity: 2}}}
	snapshot := st.Clone()
	st.EditProduct(16).Name = "Cup"
	st.EditOrder(500).Lines[0].Quantity = 9
	st.EditUser(1).Email = "new@example.test"
	delete(st.Products, 17)
	if p := snapshot.Products[16]; p.Name == "Cup" || snapshot.Products[17] == nil {
		t.Errorf("the snapshot has %q, and the pen: %v", p.Name, snapshot.Products[17] != nil)
	}
	if q := snapshot.Orders[500].Lines[0].Quantity; q != 2 {
		t.Errorf("the snapshot's line has %d pieces", q)
	}
	if snapshot.Users[1].Email == "new@example.test" {
		t.Error("the snapshot has the new e-mail address")
	}
	snapshot.EditProduct(16).Name = "Jug"
	if st.Products[16].Name != "Cup" || st.EditProduct(1<<40) != nil || st.EditOrder(1<<40) != nil || st.EditUser(1<<40) != nil {
		t.Errorf("the state has %q", st.Products[16].Name)
	}
}

// TestStockStatus: whose status and rules count, for each way stock can be kept.
func TestStockStatus(t *testing.T) {
	st := load(t)
	status := func(id int64, stock string) { st.EditProduct(id).StockStatus = stock }
	kurta, bangle := st.Products[37], st.Products[44]
	sizes := st.VariationIDs(bangle)
	if len(sizes) < 2 {
		t.Fatalf("the bangle has %d variations", len(sizes))
	}
	for _, id := range sizes {
		status(id, "outofstock")
	}
	if got := st.StockStatus(bangle); got != "outofstock" {
		t.Errorf("with nothing left it is %s", got)
	}
	status(sizes[0], "onbackorder")
	if got := st.StockStatus(bangle); got != "onbackorder" {
		t.Errorf("with one that may be owed it is %s", got)
	}
	status(sizes[1], "instock")
	if got := st.StockStatus(bangle); got != "instock" {
		t.Errorf("with one left it is %s", got)
	}
	parent := st.EditProduct(kurta.ID)
	parent.StockStatus, parent.Backorders = "onbackorder", "notify"
	inherit := 0
	for _, id := range st.VariationIDs(kurta) {
		v := st.Products[id]
		if holder := st.StockHolder(v); v.ManageStock || holder == nil || holder.ID != kurta.ID {
			continue
		}
		inherit++
		if st.StockStatus(v) != "onbackorder" || st.Backorders(v) != "notify" {
			t.Errorf("variation %d is %s, %s", id, st.StockStatus(v), st.Backorders(v))
		}
	}
	if inherit == 0 {
		t.Error("no variation has its parent's stock")
	}
}

// TestRaise counts a variation's changes for its parent too.
func TestRaise(t *testing.T) {
	st := load(t)
	size := st.Products[st.VariationIDs(st.Products[37])[0]]
	st.Raise(size, site.BySelling)
	st.Raise(st.Products[37], site.BySaving)
	want := map[int64]int64{size.ID: 2, 37: 3}
	if diff := cmp.Diff(want, st.Revisions); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestSessions: a request works on a copy, the later one to put its own back wins, and
// a row that has expired is as good as none.
func TestSessions(t *testing.T) {
	st, now := load(t), time.Date(2026, 11, 20, 5, 0, 0, 0, time.UTC)
	first, second := st.Session("t_1", now), st.Session("t_1", now)
	first.Coupons, second.Coupons = []string{"a"}, []string{"b"}
	st.SaveSession(first, now)
	st.SaveSession(second, now)
	if got := st.Session("t_1", now).Coupons; !cmp.Equal(got, []string{"b"}) {
		t.Errorf("the session has %v", got)
	}
	st.Session("t_1", now).Coupons[0] = "changed in a copy"
	if got := st.Session("t_1", now).Coupons; got[0] != "b" {
		t.Errorf("a copy that was not put back shows: %v", got)
	}
	for at, want := range map[time.Duration]int{site.SessionLife - time.Second: 1, site.SessionLife: 0} {
		if got := len(st.Session("t_1", now.Add(at)).Coupons); got != want {
			t.Errorf("after %s it has %d coupons", at, got)
		}
	}
	moved := st.MoveSession("t_1", "2", now)
	if moved.ID != "2" || !cmp.Equal(moved.Coupons, []string{"b"}) || len(st.Session("t_1", now).Coupons) != 0 {
		t.Errorf("moved %v, left %v", moved.Coupons, st.Session("t_1", now).Coupons)
	}
	if site.LifeOf("2") != site.UserSessionLife || site.LifeOf("t_1") != site.SessionLife {
		t.Error("a user's session and a guest's live as long")
	}
}
