package linear_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/internal/lab/linear"
)

// histories is how many a test plays: so many, or what ANKKOR_LINEAR_HISTORIES says.
func histories(t *testing.T, usually int) int {
	t.Helper()
	text := os.Getenv("ANKKOR_LINEAR_HISTORIES")
	if text == "" {
		return usually
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatal("ANKKOR_LINEAR_HISTORIES is no number of histories")
	}
	return n
}

// config is what all stores have in common.
func config(n int, open func(testing.TB, int) linear.Shop) linear.Config {
	return linear.Config{Histories: n, Workers: 4, Seed: 1, Open: open}
}

// judge runs and reports.
func judge(t *testing.T, c linear.Config) linear.Result {
	t.Helper()
	r := linear.Run(t, c)
	t.Logf("%d histories legal, %d illegal, %d undecided; %d took a second look; %d calls, the answers of %d lost, %d of these sent again by the client",
		r.Legal, r.Illegal, r.Undecided, r.Long, r.Calls, r.Unknown, r.Resent)
	if r.Undecided > r.Legal/1000 {
		t.Errorf("%d histories were not decided", r.Undecided)
	}
	return r
}

// everybody is a shop whose clients all have the same store.
func everybody(s linear.Subject, clients int) linear.Shop {
	shop := linear.Shop{Sound: s}
	for range clients {
		shop.Clients = append(shop.Clients, s)
	}
	return shop
}

// TestMemory: without servers.
func TestMemory(t *testing.T) {
	judge(t, config(histories(t, 3000), func(testing.TB, int) linear.Shop {
		return everybody(slow{memstore.NewStock(memstore.StockConfig{})}, 16)
	}))
}

func itoa(n uint64) string { return strconv.FormatUint(n, 10) }
