package redisstore

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/ankkor/ankkor/inventory"
)

var (
	_ inventory.Reserver  = (*Reserver)(nil)
	_ inventory.Levels    = (*Reserver)(nil)
	_ inventory.Concluder = (*Reserver)(nil)
)

// Reserver keeps reservations in Redis. It is safe for concurrent use, by any
// number of processes. An error that is none of package inventory's leaves the
// outcome unknown: the same call again answers it.
type Reserver struct {
	script  *stockScript
	timeout time.Duration
	shared  sharing
}

func newReserver(client redis.UniversalClient, c Config) *Reserver {
	r := &Reserver{script: newStockScript(client, c.prefix()), timeout: c.Timeout}
	r.shared.send, r.shared.try = r.reserveAll, r.reserveNow
	r.shared.timeout = c.Timeout
	return r
}

// Reserve implements [inventory.Reserver].
func (r *Reserver) Reserve(ctx context.Context, req inventory.ReserveRequest) (inventory.Reservation, error) {
	req, err := req.Normalize()
	if err != nil {
		return inventory.Reservation{}, err
	}
	return r.shared.reserve(ctx, req)
}

// granted is what became of one request.
type granted struct {
	reservation inventory.Reservation
	err         error
}

// reserveNow sends one request on the caller's goroutine, if the server is quick.
func (r *Reserver) reserveNow(ctx context.Context, req inventory.ReserveRequest) (granted, bool) {
	if !r.script.line.quick.Load() {
		return granted{}, false
	}
	requests := [1]inventory.ReserveRequest{req}
	answer, ok := r.script.try(ctx, r.script.reserving(requests[:]))
	if !ok {
		return granted{}, false
	}
	var results [1]granted
	if err := readGrants(answer, requests[:], results[:]); err != nil {
		return granted{err: err}, true
	}
	return results[0], true
}

// reserveAll sends requests in one run of the script, in their order.
func (r *Reserver) reserveAll(ctx context.Context, requests []inventory.ReserveRequest) ([]granted, error) {
	answer, err := r.script.send(ctx, r.script.reserving(requests))
	if err != nil {
		return nil, fmt.Errorf("redisstore: reserve: %w", err)
	}
	results := make([]granted, len(requests))
	return results, readGrants(answer, requests, results)
}

// readGrants reads the answer to requests: the time, if all were granted as asked for,
// or a list of what became of each.
func readGrants(answer any, requests []inventory.ReserveRequest, results []granted) error {
	if ms, ok := answer.(int64); ok {
		now := time.UnixMilli(ms).UTC()
		for i := range requests {
			results[i].reservation = asAsked(&requests[i], now)
		}
		return nil
	}
	answers, _ := answer.([]any)
	if len(answers) != len(requests) {
		return errAnswer
	}
	for i, a := range answers {
		values, _ := a.([]any)
		results[i].reservation, results[i].err = answered(&reader{values: values}, requests[i].ID, requests[i].Replaces)
	}
	return nil
}

// asAsked is a reservation that was granted as it was asked for, from one location.
func asAsked(q *inventory.ReserveRequest, now time.Time) inventory.Reservation {
	res := inventory.Reservation{
		ID: q.ID, Owner: q.Owner, State: inventory.Active, CreatedAt: now, ExpiresAt: now.Add(q.TTL.Truncate(time.Millisecond)),
		Lines: make([]inventory.Held, len(q.Lines)),
	}
	for i, l := range q.Lines {
		res.Lines[i] = inventory.Held{Key: l.Item.At(q.Locations[0]), Quantity: l.Quantity}
	}
	return res
}

// answered reads what the script says about a reservation.
func answered(a *reader, id, replaces string) (inventory.Reservation, error) {
	var err error
	word := a.text()
	switch word {
	case "ok", "ended":
		return reservationOf(a, id, word == "ended")
	case "short":
		return inventory.Reservation{}, shortageOf(a)
	case "other owner":
		err = &inventory.ConflictError{ID: id, Reason: "belongs to another owner"}
	case "other lines":
		err = &inventory.ConflictError{ID: id, Reason: "was used for other lines"}
	case "replaces other owner":
		err = &inventory.ConflictError{ID: replaces, Reason: "belongs to another owner"}
	case "not found":
		err = fmt.Errorf("%w: %s", inventory.ErrNotFound, id)
	default:
		err = errAnswer
	}
	return inventory.Reservation{}, err
}

func reservationOf(a *reader, id string, ended bool) (inventory.Reservation, error) {
	res := inventory.Reservation{
		ID: id, State: inventory.ReservationState(a.text()), Owner: a.text(), CreatedAt: a.moment(), ExpiresAt: a.moment(),
	}
	endedAt := a.moment()
	for a.more() {
		item, location, ok := strings.Cut(a.text(), "@")
		a.failed = a.failed || !ok
		res.Lines = append(res.Lines, inventory.Held{
			Key: inventory.Item(item).At(inventory.Location(location)), Quantity: a.number(),
		})
	}
	if err := a.err(); err != nil {
		return inventory.Reservation{}, err
	}
	if ended {
		return res, &inventory.EndedError{ID: id, State: res.State, At: endedAt}
	}
	return res, nil
}

func shortageOf(a *reader) error {
	var short inventory.ShortageError
	for a.more() {
		short.Lines = append(short.Lines, inventory.Shortage{
			Item: inventory.Item(a.text()), Want: a.number(), Have: a.number(), Unknown: a.number() == 1,
		})
	}
	if err := a.err(); err != nil {
		return err
	}
	return &short
}

// Extend implements [inventory.Reserver].
func (r *Reserver) Extend(ctx context.Context, id string, ttl time.Duration) (inventory.Reservation, error) {
	if err := inventory.CheckID(id); err != nil {
		return inventory.Reservation{}, err
	}
	if err := inventory.CheckTTL(ttl); err != nil {
		return inventory.Reservation{}, err
	}
	return r.one(ctx, "extend", id, ttl.Milliseconds())
}

// Release implements [inventory.Reserver].
func (r *Reserver) Release(ctx context.Context, id string) (inventory.Reservation, error) {
	if err := inventory.CheckID(id); err != nil {
		return inventory.Reservation{}, err
	}
	return r.one(ctx, "release", id)
}

// one runs an operation on one reservation.
func (r *Reserver) one(ctx context.Context, operation, id string, args ...any) (inventory.Reservation, error) {
	command := append(append(r.script.begin(operation, 1+len(args)), id), args...)
	values, err := list(r.script.run(ctx, r.timeout, command))
	if err != nil {
		return inventory.Reservation{}, err
	}
	return answered(&reader{values: values}, id, "")
}
