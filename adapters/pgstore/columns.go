package pgstore

import (
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

// columns are the checkouts, references and events of a transaction as the functions write and take want them: an array
// for each column, of types that the driver sends as they are. A document of them would be written, sent and parsed again
// at a multiple of the price.
type columns struct {
	ids, owners           []string
	versions              []int64
	statuses              []string
	created, updated, due []time.Time
	stuck                 []bool
	parts                 partColumns
	bound, unbound        refColumns
	events                eventColumns
}

type partColumns struct{ bodies, chosen, personals []string }

type refColumns struct{ kinds, values, ids []string }

type eventColumns struct {
	ids, kinds, checkouts []string
	sequences             []int64
	times                 []time.Time
	data                  [][]byte
}

// add takes a record, made from the version it says, and its stored parts.
func (c *columns) add(r checkout.Record, p parts) {
	c.ids, c.owners = append(c.ids, string(r.ID)), append(c.owners, string(r.Owner))
	c.versions, c.statuses = append(c.versions, r.Version), append(c.statuses, string(r.Status()))
	c.created, c.updated = append(c.created, r.CreatedAt), append(c.updated, r.UpdatedAt)
	c.due = append(c.due, r.DueAt)
	c.stuck = append(c.stuck, r.Stuck())
	c.parts.bodies, c.parts.chosen = append(c.parts.bodies, p.body), append(c.parts.chosen, p.chosen)
	c.parts.personals = append(c.parts.personals, p.personal)
}

func (c *refColumns) add(ref checkout.Ref, id checkout.ID) {
	c.kinds, c.values, c.ids = append(c.kinds, string(ref.Kind)), append(c.values, ref.Value), append(c.ids, string(id))
}

func (c *eventColumns) add(e checkout.Event) {
	c.ids, c.kinds, c.checkouts = append(c.ids, e.ID), append(c.kinds, e.Kind), append(c.checkouts, string(e.Checkout))
	c.sequences, c.times, c.data = append(c.sequences, e.Sequence), append(c.times, e.At), append(c.data, e.Data)
}

// args are the columns in the order of the functions' parameters.
func (c *columns) args() []any {
	e := &c.events
	return []any{
		c.ids, c.owners, c.versions, c.statuses, c.created, c.updated, c.due, c.stuck, c.parts.bodies, c.parts.chosen, c.parts.personals,
		c.bound.kinds, c.bound.values, c.bound.ids, c.unbound.kinds, c.unbound.values, c.unbound.ids,
		e.ids, e.kinds, e.checkouts, e.sequences, e.times, e.data,
	}
}

// entryColumns are entries that allocate, for the function take.
func entryColumns(rows []entryRow) []any {
	n := len(rows)
	items, locations, quantities := make([]string, n), make([]string, n), make([]int64, n)
	refs, reasons, actors := make([]string, n), make([]string, n), make([]string, n)
	for i, r := range rows {
		items[i], locations[i], quantities[i] = string(r.Item), string(r.Location), r.Quantity
		refs[i], reasons[i], actors[i] = r.Ref, r.Reason, r.Actor
	}
	return []any{items, locations, quantities, refs, reasons, actors}
}

// stockColumns are rows of stock for the function take: how much is allocated, in how many requests.
func stockColumns(rows []stockRow) []any {
	n := len(rows)
	items, locations := make([]string, n), make([]string, n)
	quantities, times := make([]int64, n), make([]int64, n)
	for i, r := range rows {
		items[i], locations[i], quantities[i], times[i] = string(r.Item), string(r.Location), r.Allocated, r.Revision
	}
	return []any{items, locations, quantities, times}
}

// calling is a call of a function of the schema, with parameters for all its args.
func calling(function string, args []any) string {
	parameters := make([]string, len(args))
	for i := range args {
		parameters[i] = "$" + strconv.Itoa(i+1)
	}
	return function + "(" + strings.Join(parameters, ",") + ")"
}
