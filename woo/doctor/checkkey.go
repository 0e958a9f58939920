package doctor

import (
	"net/http"
	"strings"

	"github.com/ankkor/ankkor/woo"
)

// checkKeyRead tells a key that was refused from one that nobody looked at.
func (e *exam) checkKeyRead() []Finding {
	failed, ok := asWoo(e.status.err)
	switch {
	case e.status.ok():
		return nil
	case !ok || e.away != nil || failed.Kind != woo.Unauthorised || failed.Status == 0:
		return unchecked(e.status.reason())
	case failed.Status == http.StatusForbidden:
		return found(Breaks, "the key is right, but its owner may not manage the shop: %s", failed.Message)
	case failed.Code == "woocommerce_rest_authentication_error":
		return found(Breaks, "the key is refused: %s", failed.Message)
	}
	return found(Breaks, "the store took the request for a stranger's (%s): the key is unknown there, or its header did not reach WooCommerce", failed.Code)
}

// checkKeyWrite looks at the two empty batches.
func (e *exam) checkKeyWrite() []Finding {
	var list []Finding
	for _, probe := range []struct {
		what string
		asked
	}{{"orders", e.ordersMay}, {"products", e.goodsMay}} {
		failed, ok := asWoo(probe.err)
		switch {
		case probe.ok():
		case ok && failed.Kind == woo.Unauthorised && failed.Status != 0 && e.status.ok():
			list = append(list, Finding{Severity: Breaks, Subject: probe.what, Found: "the key may not write " + probe.what + ": " + strings.TrimSpace(failed.Message)})
		default:
			list = append(list, Finding{Severity: Unchecked, Subject: probe.what, Found: "could not be checked: " + probe.reason()})
		}
	}
	return list
}
