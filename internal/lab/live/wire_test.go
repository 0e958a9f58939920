package live_test

import (
	"context"
	"net"
	"sync"
	"testing"
)

// loss is what the wire does to one exchange.
type loss string

const (
	requestLost loss = "the request never arrives"
	replyLost   loss = "no byte of the reply arrives"
	replyTorn   loss = "the reply breaks off"
)

var losses = []loss{requestLost, replyLost, replyTorn}

// wire is a byte-level proxy between the client and the store, which can spoil
// one exchange. It knows nothing of HTTP: an exchange begins with the first
// bytes from the client after bytes from the store. A TLS handshake is none.
type wire struct {
	listener net.Listener
	store    string
	open     sync.WaitGroup

	mu     sync.Mutex
	armed  loss
	skip   int
	spoilt int
}

func newWire(t *testing.T, url string) *wire {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: listener, store: hostOf(t, url)}
	w.open.Go(w.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		w.open.Wait()
	})
	return w
}

// dial connects to the store through the wire, whatever address is asked for.
func (w *wire) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, network, w.listener.Addr().String())
}

// spoil arms the wire: skip exchanges pass, the next one is spoilt.
func (w *wire) spoil(how loss, skip int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.armed, w.skip = how, skip
}

// losses is how many exchanges have been spoilt.
func (w *wire) losses() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.spoilt
}

// exchange counts one exchange and says what becomes of it.
func (w *wire) exchange() loss {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.armed == "" {
		return ""
	}
	if w.skip > 0 {
		w.skip--
		return ""
	}
	how := w.armed
	w.armed = ""
	w.spoilt++
	return how
}

func (w *wire) accept() {
	for {
		client, err := w.listener.Accept()
		if err != nil {
			return
		}
		store, err := net.Dial("tcp", w.store)
		if err != nil {
			_ = client.Close()
			continue
		}
		l := &line{wire: w, client: client, store: store}
		w.open.Go(l.up)
		w.open.Go(l.down)
	}
}

// line is one connection through the wire.
type line struct {
	*wire
	client, store net.Conn

	mu      sync.Mutex
	asking  bool // bytes went up since the last that came down
	begun   bool
	becomes loss // of the exchange under way
}

func (l *line) hangUp() {
	_ = l.client.Close()
	_ = l.store.Close()
}

// up carries bytes to the store.
func (l *line) up() {
	defer l.hangUp()
	buffer := make([]byte, 32<<10)
	for {
		n, err := l.client.Read(buffer)
		if n > 0 && l.asked(buffer[0]) == requestLost {
			return
		}
		if _, failed := l.store.Write(buffer[:n]); err != nil || failed != nil {
			return
		}
	}
}

// asked notes bytes on their way up.
func (l *line) asked(first byte) loss {
	const tlsHandshake = 22
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.asking && (l.begun || first != tlsHandshake) {
		l.becomes = l.exchange()
	}
	l.asking, l.begun = true, true
	return l.becomes
}

// down carries bytes to the client.
func (l *line) down() {
	defer l.hangUp()
	buffer := make([]byte, 32<<10)
	for {
		n, err := l.store.Read(buffer)
		switch how := l.answered(n); how {
		case replyLost:
			return
		case replyTorn:
			_, _ = l.client.Write(buffer[:n/2])
			return
		}
		if _, failed := l.client.Write(buffer[:n]); err != nil || failed != nil {
			return
		}
	}
}

// answered notes bytes on their way down.
func (l *line) answered(n int) loss {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n == 0 {
		return ""
	}
	l.asking = false
	return l.becomes
}
