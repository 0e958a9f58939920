// Package stockhttptest checks implementations of stockhttp's port.
//
//	func TestOnce(t *testing.T) {
//		stockhttptest.RunOnce(t, func(t *testing.T) stockhttptest.OnceHarness {
//			return stockhttptest.OnceHarness{Once: []stockhttp.Once{…}, Advance: …}
//		})
//	}
package stockhttptest
