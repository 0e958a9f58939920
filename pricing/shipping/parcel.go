package shipping

import "math/big"

// parcel is what is shipped: the lines that need shipping, added up.
type parcel struct {
	req *Request
	all load
	// classes are the loads by shipping class, in the order the classes are first met.
	classes []load
}

// load is a number of pieces and what they cost without tax after coupons.
type load struct {
	class  string
	pieces int64
	cost   *big.Rat
}

func newParcel(req *Request) *parcel {
	p := &parcel{req: req, all: load{cost: new(big.Rat)}}
	for i := range req.Lines {
		l := &req.Lines[i]
		if l.Virtual {
			continue
		}
		total := rational(l.Total)
		p.all.add(l.Quantity, total)
		p.class(l.ShippingClass).add(l.Quantity, total)
	}
	return p
}

func (l *load) add(pieces int64, total *big.Rat) {
	l.pieces += pieces
	l.cost.Add(l.cost, total)
}

func (p *parcel) class(slug string) *load {
	for i := range p.classes {
		if p.classes[i].class == slug {
			return &p.classes[i]
		}
	}
	p.classes = append(p.classes, load{class: slug, cost: new(big.Rat)})
	return &p.classes[len(p.classes)-1]
}
