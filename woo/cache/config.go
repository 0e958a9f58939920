package cache

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/woo"
)

// Source is where answers come from: a [*woo.Client]. Its methods are those of
// the client, safe for concurrent use; nobody retries here.
type Source interface {
	cart.Catalog
	Products
	Lists
}

// Products is the part of a Source that shows one product.
type Products interface {
	Product(ctx context.Context, slug string) (woo.Product, error)
	ProductByID(ctx context.Context, id int64) (woo.Product, error)
}

// Lists is the part of a Source that shows many products.
type Lists interface {
	ProductPage(ctx context.Context, f woo.ProductFilter, after string) (woo.Page, error)
	CategoryTree(ctx context.Context) ([]woo.Category, error)
}

var _ Source = (*woo.Client)(nil)

// Defaults of a Config.
const (
	DefaultSize        = 10_000
	DefaultTTL         = 5 * time.Minute
	DefaultStale       = time.Hour
	DefaultItemTTL     = 10 * time.Second
	DefaultMissTTL     = 10 * time.Second
	DefaultLoadTimeout = 30 * time.Second
)

// Config says what to keep, and for how long. Only Source is required; a
// duration of 0 is its default, a negative one is none.
type Config struct {
	Source Source
	// Size is how many answers are kept: products by each way they were asked
	// for, pages of lists, items. 0 means DefaultSize.
	Size int
	// TTL is how long an answer is fresh.
	TTL time.Duration
	// Stale is how much longer it is shown while it is fetched anew.
	Stale time.Duration
	// ItemTTL is how old an item of a cart may be, price and stock included.
	// Negative asks the source every time.
	ItemTTL time.Duration
	// MissTTL is how long it is remembered that there is no such product.
	MissTTL time.Duration
	// LoadTimeout bounds one request, whoever waits for it.
	LoadTimeout time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// ErrConfig is matched by every mistake in a Config.
var ErrConfig = errors.New("cache: invalid configuration")

// ConfigError names one field of a Config and what is wrong with it.
type ConfigError struct{ Field, Reason string }

// Error implements error.
func (e *ConfigError) Error() string { return "cache: Config." + e.Field + ": " + e.Reason }

// Is makes errors.Is(err, ErrConfig) true.
func (e *ConfigError) Is(target error) bool { return target == ErrConfig }

// checked fills in the defaults and reports every mistake at once.
func (c Config) checked() (Config, error) {
	var errs []error
	if c.Source == nil {
		errs = append(errs, &ConfigError{"Source", "is required, such as a *woo.Client"})
	}
	if c.Size < 0 {
		errs = append(errs, &ConfigError{"Size", "must not be negative"})
	}
	if c.LoadTimeout < 0 {
		errs = append(errs, &ConfigError{"LoadTimeout", "must not be negative"})
	}
	if c.Size == 0 {
		c.Size = DefaultSize
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	for _, d := range []struct {
		field *time.Duration
		usual time.Duration
	}{{&c.TTL, DefaultTTL}, {&c.Stale, DefaultStale}, {&c.ItemTTL, DefaultItemTTL}, {&c.MissTTL, DefaultMissTTL}, {&c.LoadTimeout, DefaultLoadTimeout}} {
		if *d.field == 0 {
			*d.field = d.usual
		}
	}
	if err := errors.Join(errs...); err != nil {
		return Config{}, err
	}
	return c, nil
}

// ErrClosed is what a closed Catalogue answers.
var ErrClosed = errors.New("cache: the catalogue is closed")

// canceled wraps the error of a reader who did not wait.
func canceled(ctx context.Context) error {
	return fmt.Errorf("cache: not waited for: %w", context.Cause(ctx))
}
