package session_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/ankkor/ankkor/woo/session"
)

// contextless is for calls that fail before they could wait.
var contextless = context.Background()

// summary is what a cart holds: "2×16 1×40".
func summary(c session.Cart) string {
	var parts []string
	for _, l := range c.Lines {
		parts = append(parts, fmt.Sprintf("%d×%d", l.Quantity, l.ItemID()))
	}
	return strings.Join(parts, " ")
}
