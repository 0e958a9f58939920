package inventorytest_test

import (
	"testing"

	"github.com/ankkor/ankkor/internal/suitetest"
	"github.com/ankkor/ankkor/inventory/inventorytest"
)

// fault is a mistake planted in a store. It is also what the mistake is called.
type fault string

const (
	none fault = ""

	checkThenAct           fault = "looks, then takes"
	neverSums              fault = "checks the same item twice on its own"
	partialGrant           fault = "keeps the part of a refused request that fits"
	namesOneShortLine      fault = "stops at the first short line"
	unknownIsSoldOut       fault = "takes an unknown item for sold out"
	ignoresAllocated       fault = "reserves what is allocated"
	sharesSlices           fault = "hands out its own slices"
	ignoresPolicy          fault = "refuses backorders"
	endlessBackorder       fault = "has no backorder budget"
	acceptsNegative        fault = "holds minus one"
	acceptsAnyID           fault = "looks for any id"
	ignoresContext         fault = "goes on when the context is done"
	resendExtends          fault = "extends on a resend"
	resendTakesAgain       fault = "takes stock again on a resend"
	takesAgainAfterEnd     fault = "grants an ended id again"
	noConflict             fault = "does not compare lines"
	anyOwner               fault = "does not compare owners"
	replaceReleasesFirst   fault = "releases before it replaces"
	replaceLetsGo          fault = "lets go while it replaces"
	refusedExtendsReplaced fault = "extends what it failed to replace"
	replacesAnyones        fault = "replaces another owner's reservation"
	replacesTheEnded       fault = "counts an ended reservation as replaced"
	loserExtendsWinner     fault = "lets a loser extend the winner"
	ownClock               fault = "uses another clock"
	expiresLate            fault = "expires after the moment"
	expiresEarly           fault = "expires a second early"
	readsWithoutExpiring   fault = "reads levels without expiring"
	extendRevives          fault = "revives on extend"
	extendShortens         fault = "shortens on extend"
	extendAdds             fault = "adds the ttl to the expiry"
	givesBackTwice         fault = "gives back on each release"
	alwaysSaysReleased     fault = "says released whatever happened"
	sortsLocations         fault = "has an order of locations of its own"
	alwaysSplits           fault = "splits where that is forbidden"
	takesOlderRevision     fault = "takes an older revision"
	takesSameRevision      fault = "takes the same revision twice"
	oneRevisionForAll      fault = "has one revision for all keys"
	appliesWellFormed      fault = "applies the levels that are well formed"
	neverVoids             fault = "voids nothing"
	voidsOldest            fault = "voids the oldest"
	voidsOnSale            fault = "voids when what was allocated is sold"
	voidsOnAllocation      fault = "voids when something is allocated"
	voidsOnEveryCut        fault = "voids though the rest fits"
	concludesUntold        fault = "concludes without telling the levels"
	concludesNothingBack   fault = "concludes without giving back"
	concludesOnlyTheKnown  fault = "concludes only what it knows"
	concludesAnyID         fault = "concludes any id"
	concludesBeforeTelling fault = "gives back before it tells the levels"
)

// broken says which promise each fault breaks.
func broken() map[fault]string {
	return map[fault]string{
		checkThenAct:           "of 200 after 100 pieces exactly 100 get one",
		neverSums:              "the same item twice is added up",
		partialGrant:           "all lines or none",
		namesOneShortLine:      "a shortage names every line that is short",
		unknownIsSoldOut:       "an item never told of is unknown",
		ignoresAllocated:       "what is allocated cannot be reserved",
		sharesSlices:           "the caller's slices are its own",
		ignoresPolicy:          "an untracked item never runs out",
		endlessBackorder:       "a backorder goes to its budget and no further",
		acceptsNegative:        "a malformed request is refused and changes nothing",
		acceptsAnyID:           "a hostile id is refused and changes nothing",
		ignoresContext:         "a call whose context is done changes nothing",
		resendExtends:          "the same request again extends nothing",
		resendTakesAgain:       "the same request again is the same reservation",
		takesAgainAfterEnd:     "a request repeated after its end takes nothing again",
		noConflict:             "the same id for other lines is a conflict",
		anyOwner:               "the same id of another owner is a conflict",
		replaceReleasesFirst:   "a refused replacement leaves the earlier reservation alone",
		replaceLetsGo:          "a replaced piece is never let go in between",
		refusedExtendsReplaced: "a refused replacement extends nothing",
		replacesAnyones:        "another owner's reservation cannot be replaced",
		replacesTheEnded:       "a replacement of one that has ended stands alone",
		loserExtendsWinner:     "whoever is refused extends nobody",
		ownClock:               "a reservation is gone the moment it expires",
		expiresLate:            "a reservation is gone the moment it expires",
		expiresEarly:           "a reservation is held until its last moment",
		readsWithoutExpiring:   "the expired are not counted as reserved",
		extendRevives:          "an expired reservation stays expired",
		extendShortens:         "extending never shortens",
		extendAdds:             "extending moves the expiry to ttl from now",
		givesBackTwice:         "released twice gives back once",
		alwaysSaysReleased:     "an expired reservation gives back once",
		sortsLocations:         "locations are asked in the caller's order",
		alwaysSplits:           "a line is not split when that is forbidden",
		takesOlderRevision:     "an older revision is ignored",
		takesSameRevision:      "a level told twice counts once",
		oneRevisionForAll:      "each key has its own revision",
		appliesWellFormed:      "a malformed level changes none",
		neverVoids:             "a cut voids the youngest until the rest fits",
		voidsOldest:            "a cut voids the youngest until the rest fits",
		voidsOnSale:            "a sale of what was allocated voids nothing",
		voidsOnAllocation:      "a rise of allocations voids nothing",
		voidsOnEveryCut:        "a cut of free stock voids nothing",
		concludesUntold:        "concluding tells the levels and gives the reservation back",
		concludesNothingBack:   "concluding tells the levels and gives the reservation back",
		concludesOnlyTheKnown:  "a reservation that has ended, or is not known, keeps no level from being told",
		concludesAnyID:         "concluding with bad arguments changes nothing",
		concludesBeforeTelling: "nobody takes what is being concluded",
	}
}

func TestAcceptsAStoreWithoutFault(t *testing.T) { inventorytest.Run(t, newToy(none)) }

func TestRejectsFaults(t *testing.T) {
	for f, promise := range broken() {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			suitetest.Rejects(t, promise, func(t *testing.T) { inventorytest.Run(t, newToy(f)) })
		})
	}
}
