package simulate_test

// rare counts moments that seldom come. A run that never came to them would prove little.
type rare map[string]int

func (r rare) saw(what string) { r[what]++ }

func (r rare) sawIf(is bool, what string) {
	if is {
		r[what]++
	}
}

// moments are those that so many seeds as enough have to come to.
var moments = []string{
	"a call whose worker was gone was taken over",
	"a callback came while its webhook was acted on",
	"a failed payment was captured after all",
	"a payment held by the bank was captured",
	"a courier handed cash over",
	"a parcel arrived",
	"a parcel came back",
	"a part was to be paid before delivery",
	"a piece went from one warehouse to the other",
	"a process ended between an effect and its record: capture",
	"a process ended between an effect and its record: commit",
	"a process ended between an effect and its record: complete order",
	"a process ended between an effect and its record: create gateway order",
	"a process ended between an effect and its record: create order",
	"a process ended between an effect and its record: inbox put",
	"a process ended between an effect and its record: refund",
	"a process ended between an effect and its record: ship",
	"a reply was lost: capture",
	"a reply was lost: commit",
	"a reply was lost: complete order",
	"a reply was lost: create gateway order",
	"a reply was lost: create order",
	"a reply was lost: refund",
	"a reply was lost: ship",
	"a second payment was given back beside a sale",
	"a shopper signed in between placing and paying",
	"a twin of an order was made",
	"a twin was trashed",
	"an effect came after its caller had given up: complete order",
	"an effect came after its caller had given up: create order",
	"an effect came after its caller had given up: refund",
	"an effect was given up and waits for a person",
	"an event was published twice",
	"an order came from two warehouses",
	"an order in effect was called off",
	"an order was packed",
	"late money found the coupon's last use gone",
	"late money found the stock gone",
	"late money reopened a sale",
	"money came after the checkout was given up",
	"money came although a person had cancelled",
	"one checkout was placed twice at once",
	"staff gave a part back",
	"staff sent a parcel",
	"stock was cut below what was claimed",
	"the cache forgot reservations that were alive",
	"the last piece went to somebody else",
	"the last use of a coupon went to somebody else",
	"the store's own people cancelled an order",
	"the total changed between quote and placing",
	"two webhooks of one payment are acted on at once",
	"two were at the same checkout at once",
	"what was given up was done when a person said so",
}
