package cart_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/ankkor/ankkor/cart"
	"github.com/google/go-cmp/cmp"
)

func withID(id string, ch cart.Change) cart.Change {
	ch.ID = id
	return ch
}

func push(t *testing.T, l cart.Local, changes ...cart.Change) cart.Local {
	t.Helper()
	for _, ch := range changes {
		var err error
		if l, err = l.Push(ch); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func TestACopyShowsItsPendingChanges(t *testing.T) {
	server := build(t, add(product(1), 1))
	server.ID, server.Version = "C", 3
	local := push(t, cart.NewLocal(server),
		withID("c1", add(product(1), 2)), withID("c2", add(product(2), 1)), withID("c3", set(product(9).Key(), 1)))

	shown, rejected := local.Shown(cart.Limits{})
	wantQuantities(t, shown, map[int64]int64{1: 3, 2: 1})
	if len(rejected) != 1 || rejected[0].Change.ID != "c3" || !errors.Is(rejected[0].Err, cart.ErrLineNotFound) {
		t.Errorf("rejected %+v, want c3", rejected)
	}
	wantQuantities(t, local.Cart, map[int64]int64{1: 1})

	// The server saw c1, and somebody else's change; the answer to c2 is under way.
	server = applied(t, server, withID("c1", add(product(1), 2)), add(product(5), 1))
	server.Version = 5
	local = local.Without("c3").Answer(server)
	if len(local.Pending) != 1 || local.Pending[0].ID != "c2" {
		t.Errorf("pending %+v, want c2", local.Pending)
	}
	shown, _ = local.Shown(cart.Limits{})
	wantQuantities(t, shown, map[int64]int64{1: 3, 2: 1, 5: 1})

	// All arrived: what is shown is what the server has.
	server = applied(t, server, withID("c2", add(product(2), 1)))
	server.Version = 6
	local = local.Answer(server)
	shown, rejected = local.Shown(cart.Limits{})
	if diff := cmp.Diff(server, shown); diff != "" || len(rejected)+len(local.Pending) != 0 {
		t.Errorf("pending %v, shown (-server +shown):\n%s", local.Pending, diff)
	}
}

func TestAnOvertakenAnswerChangesNothing(t *testing.T) {
	newer := build(t, add(product(1), 2))
	newer.ID, newer.Version = "C", 4
	older := build(t, add(product(1), 1))
	older.ID, older.Version = "C", 3
	local := cart.NewLocal(newer).Answer(older)
	wantQuantities(t, local.Cart, map[int64]int64{1: 2})
	// Another cart is another matter: the shopper signed in.
	older.ID = "D"
	wantQuantities(t, local.Answer(older).Cart, map[int64]int64{1: 1})
}

func TestACopyHoldsNothingSecret(t *testing.T) {
	c := stored(t)
	text, err := json.Marshal(cart.NewLocal(c))
	if err != nil {
		t.Fatal(err)
	}
	direct, err := json.Marshal(cart.Local{Cart: c}) // put together by hand
	if err != nil || string(direct) != string(text) {
		t.Errorf("%v: %s", err, direct)
	}
	for _, secret := range []string{"guest:abc", "owner", "customer:42", "moved", "merged", "499", "seen"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the copy shows %q: %s", secret, text)
		}
	}
	if c.Owner == "" || c.Lines[0].Seen == nil {
		t.Error("NewLocal changed the cart it was given")
	}
}

func TestCopiesGoThroughJSON(t *testing.T) {
	local := push(t, cart.NewLocal(stored(t)), withID("c8", add(product(3), 1)), withID("c9", note("")))
	text, err := json.Marshal(local)
	if err != nil {
		t.Fatal(err)
	}
	back, err := cart.ParseLocal(text, cart.Limits{})
	if diff := cmp.Diff(local, back); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	var decoded cart.Local
	if err := json.Unmarshal(text, &decoded); err != nil || !cmp.Equal(local, decoded) {
		t.Errorf("json.Unmarshal: %v", err)
	}
	empty, err := json.Marshal(cart.Local{})
	if want := `{"cart":{"version":0,"lines":[]},"pending":[]}`; err != nil || string(empty) != want {
		t.Errorf("the empty copy is %s (%v), want %s", empty, err, want)
	}
}

func TestBadCopies(t *testing.T) {
	tests := map[string]struct{ body, field string }{
		"no cart":       {`{"pending":[]}`, "cart"},
		"cart null":     {`{"cart":null}`, "cart"},
		"total":         {`{"cart":{"version":1,"lines":[]},"total":1}`, "total"},
		"total inside":  {`{"cart":{"version":1,"lines":[],"total":1}}`, "cart.total"},
		"owner":         {`{"cart":{"version":1,"lines":[],"owner":"customer:1"}}`, "cart.owner"},
		"moved":         {`{"cart":{"version":1,"lines":[],"moved":{"to":"customer:1","policy":"sum"}}}`, "cart.moved"},
		"merged":        {`{"cart":{"version":1,"lines":[],"merged":[]}}`, "cart.merged"},
		"seen":          {`{"cart":{"version":1,"lines":[{"product_id":1,"quantity":1,"seen":{"unit_price":"1"}}]}}`, "cart.lines[0].seen"},
		"quantity":      {`{"cart":{"version":1,"lines":[{"product_id":1,"quantity":"1"}]}}`, "cart.lines[0].quantity"},
		"201 lines":     {`{"cart":{"version":1,"lines":[` + manyLines(201) + `]}}`, "cart.lines"},
		"pending price": {`{"cart":{"version":1,"lines":[]},"pending":[{"op":"clear","price":1}]}`, "pending[0].price"},
		"pending 0":     {`{"cart":{"version":1,"lines":[]},"pending":[{"op":"add","product_id":1,"quantity":0}]}`, "pending[0].quantity"},
		"65 pending":    {`{"cart":{"version":1,"lines":[]},"pending":[` + strings.Repeat(`{"op":"clear"},`, 64) + `{"op":"clear"}]}`, "pending"},
		"over a MiB":    {`{"cart":{"version":1,"lines":[],"note":"` + strings.Repeat("n", 1<<20) + `"}}`, "body"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := cart.ParseLocal([]byte(tt.body), cart.Limits{})
			wantInvalid(t, err, tt.field)
		})
	}
}

func TestPushNeedsAnID(t *testing.T) {
	_, err := cart.Local{}.Push(add(product(1), 1))
	wantInvalid(t, err, "id")
	_, err = cart.Local{}.Push(withID("c1", add(product(1), 0)))
	wantInvalid(t, err, "quantity")
	local := cart.Local{}
	for i := range 64 {
		local = push(t, local, withID(strings.Repeat("x", i+1), add(product(1), 1)))
	}
	_, err = local.Push(withID("last", add(product(1), 1)))
	wantInvalid(t, err, "pending")
}

func TestPushSharesNothing(t *testing.T) {
	base := push(t, cart.Local{}, withID("c1", add(product(1), 1)))
	base.Pending = append(make([]cart.Change, 0, 8), base.Pending...) // room for more
	a := push(t, base, withID("c2", add(product(2), 1)))
	b := push(t, base, withID("c3", add(product(3), 1)))
	if a.Pending[1].ID != "c2" || b.Pending[1].ID != "c3" || len(base.Pending) != 1 {
		t.Errorf("two copies share their changes: %+v and %+v", a.Pending, b.Pending)
	}
}

func TestReconcileSkipsWhatTheServerHas(t *testing.T) {
	pending := []cart.Change{withID("c1", add(product(1), 5)), withID("c2", add(product(1), 9995))}
	server := build(t, pending[0])
	c, rejected := cart.Reconcile(server, pending, cart.Limits{})
	wantQuantities(t, c, map[int64]int64{1: 5})
	if len(rejected) != 1 || rejected[0].Change.ID != "c2" {
		t.Errorf("rejected %+v, want c2, which is over the cap", rejected)
	}
	wantInvalid(t, rejected[0].Err, "quantity")
	if left := cart.Outstanding(server, pending); len(left) != 1 || left[0].ID != "c2" {
		t.Errorf("outstanding %+v, want c2", left)
	}
	if left := cart.Outstanding(server, []cart.Change{add(product(1), 1)}); len(left) != 1 {
		t.Error("a change without an id cannot be known to have arrived")
	}
}
