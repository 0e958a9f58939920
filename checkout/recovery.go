package checkout

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/internal/secret"
)

// ErrRecovery says that a recovery token cannot be accepted: forged, expired, or of nothing that was abandoned. It is the
// same for all of them.
var ErrRecovery = errors.New("checkout: the recovery link cannot be accepted")

// Secret is a key that no verb, logger or encoder prints.
type Secret = secret.Secret

// NewSecret hides a key, as read from the environment or a vault.
func NewSecret(text string) Secret { return secret.New(text) }

// MinRecoveryKey is the shortest key of a Recovery, in bytes.
const MinRecoveryKey = 32

// RecoveryConfig is what NewRecovery needs.
type RecoveryConfig struct {
	Service *Service
	Carts   *cart.Service
	// Keys are secrets of at least MinRecoveryKey bytes: the first one signs, all of them verify.
	Keys []Secret
	// ValidFor is how long after a checkout was abandoned its link is good, 7 days when 0.
	ValidFor time.Duration
	Now      func() time.Time // time.Now when nil
}

// Recovery brings back the cart of somebody who left a checkout: NoticeAbandoned carries a link with a Token, and the page
// it leads to calls Restore. It is safe for concurrent use and keeps nothing.
type Recovery struct{ config RecoveryConfig }

// NewRecovery checks the configuration and reports all mistakes at once.
func NewRecovery(c RecoveryConfig) (*Recovery, error) {
	var errs []error
	if c.Service == nil || c.Carts == nil {
		errs = append(errs, errors.New("checkout: RecoveryConfig.Service and Carts are required"))
	}
	if len(c.Keys) == 0 {
		errs = append(errs, errors.New("checkout: RecoveryConfig.Keys wants at least one key"))
	}
	for i, key := range c.Keys {
		if key.Len() < MinRecoveryKey {
			errs = append(errs, fmt.Errorf("checkout: RecoveryConfig.Keys[%d] has fewer than %d bytes", i, MinRecoveryKey))
		}
	}
	if c.ValidFor < 0 {
		errs = append(errs, errors.New("checkout: RecoveryConfig.ValidFor is negative"))
	}
	c.ValidFor = or(c.ValidFor, 7*24*time.Hour)
	if c.Now == nil {
		c.Now = time.Now
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return &Recovery{c}, nil
}

// Token names an abandoned checkout in a link: letters, digits, "-", "_" and ".". It says nothing about the shopper, and is
// the same whenever it is made, so that a mail that is sent again does not change. Of a checkout that was not abandoned
// there is none.
func (c *Recovery) Token(r Record) string {
	if !r.abandoned() {
		return ""
	}
	body := string(r.ID) + "." + strconv.FormatInt(r.Closing.At.Add(c.config.ValidFor).Unix(), 36)
	return body + "." + sign(c.config.Keys[0], body)
}

func sign(key Secret, body string) string {
	mac := hmac.New(sha256.New, []byte(key.Reveal()))
	mac.Write([]byte("ankkor recovery\n" + body))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Restore puts what the checkout was about into the cart of whoever follows the link, and shows that cart. What the cart
// holds already stays; following the link again adds nothing, and what is no longer for sale or out of stock is left out.
// Nothing else of the checkout can be reached with a token, its address least of all.
//
// Errors: ErrRecovery; what cart.Service returns.
func (c *Recovery) Restore(ctx context.Context, owner Owner, token string) (cart.View, error) {
	r, err := c.open(ctx, token)
	if err != nil {
		return cart.View{}, err
	}
	current, err := c.config.Carts.View(ctx, owner)
	if err != nil {
		return cart.View{}, err
	}
	for i, l := range r.Lines {
		if _, there := current.Cart.Line(l.Line.Key); there {
			continue
		}
		_, err := c.config.Carts.Do(ctx, owner, cart.Change{
			ID: fmt.Sprintf("recover-%s-%d", r.ID, i), Op: cart.OpAdd, Ref: l.Line.Ref, Quantity: l.Line.Quantity,
		})
		if err != nil && !errors.Is(err, cart.ErrNotForSale) && !errors.Is(err, cart.ErrInsufficientStock) {
			return cart.View{}, err
		}
	}
	return c.config.Carts.View(ctx, owner)
}

// open verifies a token before anything is read.
func (c *Recovery) open(ctx context.Context, token string) (Record, error) {
	body, signature, ok := cutLast(token)
	if !ok || len(token) > 200 || !c.signed(body, signature) {
		return Record{}, ErrRecovery
	}
	id, expires, _ := strings.Cut(body, ".")
	until, err := strconv.ParseInt(expires, 36, 64)
	if err != nil || c.config.Now().Unix() >= until {
		return Record{}, ErrRecovery
	}
	known, err := c.config.Service.Explain(ctx, ID(id))
	switch {
	case errors.Is(err, ErrNotFound) || err == nil && !known.Record.abandoned():
		return Record{}, ErrRecovery
	case err != nil:
		return Record{}, err
	}
	return known.Record, nil
}

func cutLast(token string) (body, signature string, ok bool) {
	i := strings.LastIndexByte(token, '.')
	if i < 0 {
		return "", "", false
	}
	return token[:i], token[i+1:], true
}

func (c *Recovery) signed(body, signature string) bool {
	good := false
	for _, key := range c.config.Keys {
		good = hmac.Equal([]byte(sign(key, body)), []byte(signature)) || good
	}
	return good
}
