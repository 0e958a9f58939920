package razorpaytest_test

import (
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/razorpay/razorpaytest"
)

const hookSecret = "whsec_4f1c8b2a9d3e"

// inbox is a receiver that notes what came.
type inbox struct {
	status int
	names  []string
	ids    []string
	wrong  int // signatures that are not hookSecret's
}

func (b *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var e struct{ Event string }
	_ = json.Unmarshal(body, &e)
	b.names = append(b.names, e.Event)
	b.ids = append(b.ids, r.Header.Get("X-Razorpay-Event-Id"))
	if r.Header.Get("X-Razorpay-Signature") != razorpaytest.SignWebhook(hookSecret, body) {
		b.wrong++
	}
	w.WriteHeader(b.status)
}

func subscribe(t *testing.T, a *account, w razorpaytest.Webhook) *inbox {
	t.Helper()
	box := &inbox{status: http.StatusOK}
	w.Handler, w.Secret = box, hookSecret
	if _, err := a.AddWebhook(w); err != nil {
		t.Fatal(err)
	}
	return box
}

// TestTheEventsOfASale: one failed attempt, one that succeeds, one refund.
func TestTheEventsOfASale(t *testing.T) {
	a := open(t, func(c *razorpaytest.Config) { c.AutoCapture = true })
	box := subscribe(t, a, razorpaytest.Webhook{})
	id := a.order(sale)
	a.pay(id, razorpaytest.Attempt{Fails: true})
	p := a.pay(id, razorpaytest.Attempt{})
	if _, ok := a.RefundByHand(p, 100); !ok {
		t.Fatal("not refunded")
	}
	if n := a.Deliver(t.Context()); n != 6 {
		t.Errorf("%d accepted", n)
	}
	want := []string{"payment.failed", "payment.authorized", "payment.captured", "order.paid", "refund.created", "refund.processed"}
	if !slices.Equal(box.names, want) || box.wrong > 0 || a.Pending() > 0 {
		t.Errorf("%v, %d wrong", box.names, box.wrong)
	}
	e, _ := a.EventOf("order.paid")
	for _, part := range []string{`"entity":"event"`, `"contains":["payment","order"]`, `"order_id":"` + id + `"`, `"status":"paid"`, `"created_at":1785585600`} {
		if !strings.Contains(string(e.Body), part) {
			t.Errorf("order.paid without %s: %s", part, e.Body)
		}
	}
}

// TestOnlyWhatIsWanted and in any order.
func TestOnlyWhatIsWanted(t *testing.T) {
	a := open(t, func(c *razorpaytest.Config) { c.AutoCapture = true })
	some := subscribe(t, a, razorpaytest.Webhook{Events: []string{"order.paid"}})
	mixed := subscribe(t, a, razorpaytest.Webhook{Shuffle: rand.New(rand.NewPCG(1, 4))})
	for range 4 {
		a.pay(a.order(sale), razorpaytest.Attempt{})
	}
	a.Deliver(t.Context())
	if len(some.names) != 4 || slices.Contains(some.names, "payment.captured") {
		t.Errorf("%v", some.names)
	}
	if len(mixed.names) != 12 || slices.Equal(mixed.names[:3], []string{"payment.authorized", "payment.captured", "order.paid"}) {
		t.Errorf("%v", mixed.names)
	}
}

// TestADayOfFailuresSwitchesOff: repeats with the same id, further and further apart.
func TestADayOfFailuresSwitchesOff(t *testing.T) {
	a := open(t)
	box := subscribe(t, a, razorpaytest.Webhook{})
	box.status = http.StatusInternalServerError
	a.pay(a.order(sale), razorpaytest.Attempt{})
	for range 25 * 60 {
		a.Deliver(t.Context())
		a.pass(time.Minute)
	}
	if !a.Disabled(0) || a.Pending() > 0 || len(box.ids) < 10 || len(box.ids) > 60 {
		t.Errorf("disabled %v after %d deliveries", a.Disabled(0), len(box.ids))
	}
	if unique := slices.Compact(slices.Clone(box.ids)); len(unique) != 1 {
		t.Errorf("%d ids", len(unique))
	}
	box.status = http.StatusOK
	a.pay(a.order(sale), razorpaytest.Attempt{})
	if n := a.Deliver(t.Context()); n != 0 {
		t.Errorf("a disabled webhook took %d", n)
	}
	a.Enable(0)
	a.Replay(0)
	if n := a.Deliver(t.Context()); n != 2 {
		t.Errorf("%d replayed", n)
	}
}

// TestRepeatsKeepTheirSecret after it was changed.
func TestRepeatsKeepTheirSecret(t *testing.T) {
	a := open(t)
	box := subscribe(t, a, razorpaytest.Webhook{})
	a.pay(a.order(sale), razorpaytest.Attempt{})
	a.RotateSecret(0, "another secret")
	a.pay(a.order(sale), razorpaytest.Attempt{})
	a.Deliver(t.Context())
	if len(box.names) != 2 || box.wrong != 1 {
		t.Errorf("%d of %d under the new secret", box.wrong, len(box.names))
	}
}

func TestWebhookFaults(t *testing.T) {
	for kind, want := range map[razorpaytest.Kind]struct{ came, wrong, left int }{
		razorpaytest.LoseEvent:   {0, 0, 1},
		razorpaytest.RepeatEvent: {2, 0, 0},
		razorpaytest.AlterEvent:  {1, 1, 0},
		razorpaytest.ForgeEvent:  {1, 1, 0},
	} {
		a := open(t)
		box := subscribe(t, a, razorpaytest.Webhook{})
		if err := a.Plant(razorpaytest.Fault{Op: razorpaytest.OpWebhook, Kind: kind}); err != nil {
			t.Fatal(err)
		}
		a.pay(a.order(sale), razorpaytest.Attempt{})
		a.Deliver(t.Context())
		if len(box.names) != want.came || box.wrong != want.wrong || a.Pending() != want.left {
			t.Errorf("%s: %d came, %d wrong, %d left", kind, len(box.names), box.wrong, a.Pending())
		}
	}
}
