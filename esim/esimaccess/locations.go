package esimaccess

import "context"

const pathLocations = "location/list"

// A Location is a country or a group of countries of the vendor's.
type Location struct {
	Code   string // alpha-2, or "EU-42"
	Name   string // English
	Region bool   // a group: Parts lists its countries
	Parts  []Location
}

type locationAnswer struct {
	LocationList []locationRow `json:"locationList"`
}

type locationRow struct {
	Code            text          `json:"code"`
	Name            text          `json:"name"`
	Type            number        `json:"type"` // 1 country, 2 group
	SubLocationList []locationRow `json:"subLocationList"`
	SubLocation     []locationRow `json:"subLocation"` // the name in the vendor's table
}

// Locations lists the countries and regions for which anything is sold. Errors are
// *esim.VendorError.
//
// Source: POST /api/v1/open/location/list, https://docs.esimaccess.com, as of 2026-04-01.
func (c *Client) Locations(ctx context.Context) ([]Location, error) {
	answer, err := call[locationAnswer](ctx, c, operation{path: pathLocations, priority: prioritySweep}, struct{}{})
	if err != nil {
		return nil, err
	}
	return locations(answer.LocationList), nil
}

func locations(rows []locationRow) []Location {
	var list []Location
	for _, r := range rows {
		if r.Code == "" {
			continue
		}
		parts := r.SubLocationList
		if len(parts) == 0 {
			parts = r.SubLocation
		}
		list = append(list, Location{
			Code: place(string(r.Code)), Name: string(r.Name),
			Region: r.Type.n == 2 || len(parts) > 0, Parts: locations(parts),
		})
	}
	return list
}
