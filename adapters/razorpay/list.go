package razorpay

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/ankkor/ankkor/payment"
)

const (
	defaultPage = 10  // items of a list that is asked for without a count
	fullPage    = 100 // the most that Razorpay gives at a time
	mostPages   = 50  // then something is wrong with the answers
)

// listEntity is a page of a list, newest first.
type listEntity[T any] struct {
	Entity string `json:"entity"`
	Items  []T    `json:"items"`
}

func (l *listEntity[T]) check() error {
	if l.Entity != "collection" || l.Items == nil {
		return answerError("not a list")
	}
	for i := range l.Items {
		if e, ok := any(&l.Items[i]).(entity); ok {
			if err := e.check(); err != nil {
				return err
			}
		}
	}
	return nil
}

// list reads a list to its end, oldest first. While it is read, new items push older ones to the next page, where they
// come a second time: each is kept once, by its id.
func list[T any](ctx context.Context, c *Client, r request, id func(T) string) ([]T, error) {
	r.method = http.MethodGet
	var items []T
	seen := map[string]bool{}
	for page := range mostPages {
		answer, err := readPage[T](ctx, c, r, page*fullPage)
		if err != nil {
			return nil, err
		}
		for _, item := range answer {
			if !seen[id(item)] {
				seen[id(item)] = true
				items = append(items, item)
			}
		}
		if len(answer) < fullPage {
			return reversed(items), nil
		}
	}
	return nil, &payment.UnavailableError{Op: r.op, Err: answerError("a list without end")}
}

func readPage[T any](ctx context.Context, c *Client, r request, skip int) ([]T, error) {
	query := url.Values{"count": {strconv.Itoa(fullPage)}}
	if skip > 0 {
		query.Set("skip", strconv.Itoa(skip))
	}
	for name, values := range r.query {
		query[name] = values
	}
	r.query = query
	var answer listEntity[T]
	err := c.send(ctx, r, &answer)
	return answer.Items, err
}

func reversed[T any](items []T) []T {
	oldest := make([]T, 0, len(items))
	for i := len(items) - 1; i >= 0; i-- {
		oldest = append(oldest, items[i])
	}
	return oldest
}

// absent turns the refusal of a read by id into payment.ErrNotFound: the id's shape was checked before, and Razorpay
// answers 400 for an id that it does not know.
func absent(err error, what, id string) error {
	var answer *Error
	if errors.Is(err, payment.ErrRefused) && errors.As(err, &answer) &&
		(answer.Status == http.StatusBadRequest || answer.Status == http.StatusNotFound) {
		return &payment.NotFoundError{What: what, ID: id}
	}
	return err
}
