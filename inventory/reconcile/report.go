package reconcile

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// Report says what a piece of work found and did. It marshals to JSON.
type Report struct {
	At        time.Time `json:"at"`
	Read      int       `json:"read"`      // items
	Agreed    int       `json:"agreed"`    // of them
	Corrected int       `json:"corrected"` // of them
	HeldBack  int       `json:"held_back"` // of them: more there than anything explains
	Overtaken int       `json:"overtaken"` // of them: a newer reading was applied before
	Orders    int       `json:"orders"`    // looked at
	Settled   int       `json:"settled"`   // of them, brought to what the store of record counts
	Failed    int       `json:"failed"`    // of them, whose books do not allow it: see the log
	Ended     int       `json:"ended"`     // findings that went away
	Changes   []Changed `json:"changes,omitempty"`
	Findings  []Finding `json:"findings,omitempty"`
}

// Changed is an item that follows the store of record now.
type Changed struct {
	Item   inventory.Item   `json:"item"`
	From   int64            `json:"from"`
	To     int64            `json:"to"`
	Policy inventory.Policy `json:"policy,omitempty"` // if that is another one
}

// add counts a reading.
func (r *Report) add(a inventory.Applied) {
	r.Read++
	switch a.Verdict {
	case inventory.Agreed:
		r.Agreed++
		return
	case inventory.Overtaken:
		r.Overtaken++
		return
	case inventory.HeldBack:
		r.HeldBack++
	}
	c := Changed{Item: a.Item, From: a.Ours}
	for _, l := range a.After {
		c.To += l.OnHand
	}
	if len(a.Before) > 0 && len(a.After) > 0 && a.Before[0].Policy != a.After[0].Policy {
		c.Policy = a.After[0].Policy
	}
	if c.From != c.To || c.Policy != "" {
		r.Corrected++
		r.Changes = append(r.Changes, c)
	}
}

// merge adds another report's work to this one.
func (r *Report) merge(o Report) {
	if r.At.IsZero() {
		r.At = o.At
	}
	r.Read, r.Agreed, r.Corrected = r.Read+o.Read, r.Agreed+o.Agreed, r.Corrected+o.Corrected
	r.Overtaken, r.Orders, r.Settled = r.Overtaken+o.Overtaken, r.Orders+o.Orders, r.Settled+o.Settled
	r.HeldBack, r.Failed, r.Ended = r.HeldBack+o.HeldBack, r.Failed+o.Failed, r.Ended+o.Ended
	r.Changes = append(r.Changes, o.Changes...)
	for _, f := range o.Findings {
		r.found(f)
	}
}

// found lists a finding once, as it was last seen.
func (r *Report) found(f Finding) {
	if i := slices.IndexFunc(r.Findings, func(g Finding) bool { return g.ID == f.ID }); i >= 0 {
		r.Findings[i] = f
		return
	}
	r.Findings = append(r.Findings, f)
}

// Text is the report as a person reads it.
func (r Report) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Stock read of %d items: %d agree, %d corrected, %d held back, %d overtaken.\n", r.Read, r.Agreed, r.Corrected, r.HeldBack, r.Overtaken)
	if r.Orders > 0 {
		fmt.Fprintf(&b, "Orders looked at: %d, settled: %d, impossible: %d.\n", r.Orders, r.Settled, r.Failed)
	}
	for _, c := range r.Changes {
		fmt.Fprintf(&b, "  %s: %d -> %d", c.Item, c.From, c.To)
		if c.Policy != "" {
			fmt.Fprintf(&b, ", now %s", c.Policy)
		}
		b.WriteByte('\n')
	}
	if len(r.Findings) > 0 {
		b.WriteString("To decide or to know:\n")
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "  [%s] %s\n", f.ID, f.Text())
	}
	return b.String()
}

// JSON is the report as a program reads it.
func (r Report) JSON() ([]byte, error) { return json.MarshalIndent(r, "", "  ") }
