package main

// goal is what a ratio should be. Of waiting less is better, of all else more.
type goal struct {
	path, rival string
	ratio       float64
}

// p99 begins the names of rivals whose waiting is compared.
const p99 = "p99 of "

// goals are those of the project for what it promises to be fast at.
func goals() []goal {
	return []goal{
		// One piece of an item, held in Redis, against the loop of a minimal script.
		{"redisstore Reserve items=1000 callers=1", "rival", 0.8},
		{"redisstore Reserve items=1000 callers=64", "rival", 1.8},
		{"redisstore Reserve items=1000 callers=256", "rival", 2.4},
		{"redisstore Reserve items=1 callers=64", "rival", 3},
		{"redisstore Reserve items=1 callers=256", "rival", 6},
		{"redisstore TenLines callers=64", "rival", 6},
		{"rivals Reserve items=1000 callers=1", "plain", 0.8},
		{"rivals Reserve items=1000 callers=64", "plain", 1.8},
		{"rivals Reserve items=1000 callers=256", "plain", 2.4},
		{"rivals Reserve items=1000 callers=64", "rueidis", 1.05},
		{"rivals Reserve items=1000 callers=256", "rueidis", 1.05},
		{"rivals Reserve items=1 callers=64", "plain", 3},
		{"rivals Reserve items=1 callers=256", "plain", 6},
		{"rivals Reserve items=1 callers=64", "redsync", 25},
		{"rivals Reserve items=1 callers=64", "watch", 100},
		// Allocations and commits in Postgres, against single statements.
		{"pgstore HotKey callers=64", "rival", 20},
		{"pgstore Commit items=1000 callers=8", "rival", 2},
		{"pgstore Commit items=1000 callers=64", "rival", 7},
		// A whole order over HTTP, against a lock for each product and a statement for each row.
		{"rivals Place claim spread", "rival", 5},
		{"rivals Place claim hot", "rival", 8},
		{"rivals Place claim spread", p99 + "rival", 0.3},
		{"rivals Place claim hot", p99 + "rival", 0.3},
		// Payments, prices, pages.
		{"rivals Verify", "rival", 3},
		{"pricing Parse rupees in_turn", "regexp", 5},
		{"pricing Parse rupees in_turn", "decimal.New", 1 / 1.6},
		{"pricing Parse span in_turn", "decimal.New", 1 / 2.5},
		{"pricing Cart money", "shopspring", 40},
		{"webhook Receiver", "bare", 0.8},
		{"woo HundredProducts in_turn", "hasura", 4},
	}
}

// pair is two benchmarks that were not run in turn.
type pair struct{ path, rivalPath, rival string }

func pairs() []pair {
	return []pair{
		{"pricing Cart money", "pricing Cart shopspring", "shopspring"},
		{"payment VerifyPayment verifier", "payment VerifyPayment plain_hmac", "plain hmac"},
		{"cache Product ours one", "cache Product map one", "map"},
		{"cache Product ours many", "cache Product map many", "map"},
		{"cache Product ours one", "cache Product no_cache one", "no cache"},
	}
}
