/**
 * Chinook, a music store of many databases' textbooks: eleven tables with their names as they are. The rows come with
 * `plinth import`.
 *
 * Who asks is an employee: the claim `employee` of their token is their EmployeeId. Sellers see their own customers,
 * with what these bought; whoever is above them sees that too, up to the general manager. The catalogue is for
 * everybody who is signed in, as far as it is for sale.
 */
import { decimal, integer, plinth, ref, signedIn, table, text, timestamp, type Condition, type Row, type Who } from 'plinth'

const tables = {
  Artist: table({ ArtistId: integer(), Name: text().max(120).optional() }).key('ArtistId'),

  Album: table({
    AlbumId: integer(),
    Title: text().max(160),
    ArtistId: ref('Artist', { as: 'artist' }),
  }).key('AlbumId'),

  Genre: table({ GenreId: integer(), Name: text().max(120).optional() }).key('GenreId'),

  MediaType: table({ MediaTypeId: integer(), Name: text().max(120).optional() }).key('MediaTypeId'),

  Track: table({
    TrackId: integer(),
    Name: text().max(200),
    AlbumId: ref('Album', { as: 'album' }).optional(),
    MediaTypeId: ref('MediaType', { as: 'media_type' }),
    GenreId: ref('Genre', { as: 'genre' }).optional(),
    Composer: text().max(220).optional(),
    Milliseconds: integer().min(0),
    Bytes: integer().min(0).optional(),
    UnitPrice: decimal(10, 2).min(0),
  })
    .key('TrackId')
    .index('GenreId', 'Milliseconds'),

  Playlist: table({ PlaylistId: integer(), Name: text().max(120).optional() }).key('PlaylistId'),

  PlaylistTrack: table({
    PlaylistId: ref('Playlist', { as: 'playlist' }),
    TrackId: ref('Track', { as: 'track' }),
  }).key('PlaylistId', 'TrackId'),

  Employee: table({
    EmployeeId: integer(),
    LastName: text().max(20),
    FirstName: text().max(20),
    Title: text().max(30).optional(),
    ReportsTo: ref('Employee', { as: 'manager', back: 'reports' }).optional(),
    BirthDate: timestamp().optional(),
    HireDate: timestamp().optional(),
    Address: text().max(70).optional(),
    City: text().max(40).optional(),
    State: text().max(40).optional(),
    Country: text().max(40).optional(),
    PostalCode: text().max(10).optional(),
    Phone: text().max(24).optional(),
    Fax: text().max(24).optional(),
    Email: text().max(60).optional(),
  }).key('EmployeeId'),

  Customer: table({
    CustomerId: integer(),
    FirstName: text().max(40),
    LastName: text().max(20),
    Company: text().max(80).optional(),
    Address: text().max(70).optional(),
    City: text().max(40).optional(),
    State: text().max(40).optional(),
    Country: text().max(40).optional(),
    PostalCode: text().max(10).optional(),
    Phone: text().max(24).optional(),
    Fax: text().max(24).optional(),
    Email: text().max(60),
    SupportRepId: ref('Employee', { as: 'seller' }).optional(),
  }).key('CustomerId'),

  Invoice: table({
    InvoiceId: integer(),
    CustomerId: ref('Customer', { as: 'customer' }),
    InvoiceDate: timestamp(),
    BillingAddress: text().max(70).optional(),
    BillingCity: text().max(40).optional(),
    BillingState: text().max(40).optional(),
    BillingCountry: text().max(40).optional(),
    BillingPostalCode: text().max(10).optional(),
    Total: decimal(10, 2).min(0),
  })
    .key('InvoiceId')
    .index('BillingCountry'),

  InvoiceLine: table({
    InvoiceLineId: integer(),
    InvoiceId: ref('Invoice', { as: 'invoice' }),
    TrackId: ref('Track', { as: 'track' }),
    UnitPrice: decimal(10, 2).min(0),
    Quantity: integer().min(1),
  }).key('InvoiceLineId'),
}

/** The employee who asks, or somebody below them: two steps lead from a seller to the general manager. */
function isInLine(employee: Row<typeof tables, 'Employee'>, who: Who): Condition {
  const asker = who.claim('employee')
  return employee.EmployeeId.is(asker).or(employee.ReportsTo.is(asker)).or(employee.manager.ReportsTo.is(asker))
}

const isSomebody = (who: Who): Condition => who.id.isNull().not()

export default plinth({
  tables,

  access: {
    Artist: { read: signedIn },
    Genre: { read: signedIn },
    MediaType: { read: signedIn },
    Playlist: { read: signedIn },
    Track: { read: ({ row, who }) => row.UnitPrice.above(0).and(isSomebody(who)) },
    Album: { read: ({ row, who }) => row.Track.some((track) => track.UnitPrice.above(0)).and(isSomebody(who)) },
    PlaylistTrack: { read: ({ row, who }) => row.track.UnitPrice.above(0).and(isSomebody(who)) },

    Employee: { read: ({ row, who }) => isInLine(row, who) },
    Customer: { read: ({ row, who }) => isInLine(row.seller, who) },
    Invoice: { read: ({ row, who }) => isInLine(row.customer.seller, who) },
    InvoiceLine: { read: ({ row, who }) => isInLine(row.invoice.customer.seller, who) },
  },
})
