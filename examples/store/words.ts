/** The words that the shop's rows are made of. Changing one changes what a fresh database holds, and some answers in the docs. */

/** A shelf: what stands on it, of what it is made, and what is said of it. Each has eight things and six materials. */
export interface Shelf {
  readonly name: string
  readonly parent: string
  readonly code: string
  readonly things: readonly string[]
  readonly materials: readonly string[]
  readonly sentences: readonly string[]
  readonly dishwasher?: boolean
  /** Euros: about the least and the most that something costs here. */
  readonly from: number
  readonly to: number
}

/** Words apart by commas. */
const list = (text: string): readonly string[] => text.trim().split(/,\s*/)

const pans = list('enamel, cast iron, stainless steel, copper, carbon steel, aluminium')
const clay = list('stoneware, porcelain, glass, earthenware, bone china, enamel')
const cloth = list('linen, organic cotton, merino wool, velvet, bouclé, recycled polyester')
const bedding = list('percale, washed linen, cotton satin, flannel, bamboo, jersey')
const wood = list('oak, walnut, ash, beech, birch, bamboo')
const metal = list('brass, steel, powder-coated iron, zinc, aluminium, copper')
const paper = list('recycled paper, cotton paper, cork, leather, felt, birch')
const tech = list('ripstop nylon, waxed canvas, recycled polyester, titanium, aluminium, stainless steel')

export const shelves: readonly Shelf[] = [
  {
    name: 'Pots and pans',
    parent: 'Kitchen',
    code: 'POT',
    materials: pans,
    dishwasher: false,
    from: 19,
    to: 189,
    things: list('saucepan, frying pan, casserole, wok, stockpot, milk pan, roasting tin, griddle'),
    sentences: ['Heats evenly and holds the heat.', 'For every hob, induction too.', 'The handle stays cool.'],
  },
  {
    name: 'Tea and coffee',
    parent: 'Kitchen',
    code: 'TEA',
    materials: clay,
    dishwasher: true,
    from: 6,
    to: 79,
    things: list('teapot, mug, espresso cup, coffee dripper, milk jug, tea tin, sugar bowl, tasting cup'),
    sentences: ['Keeps tea hot for an hour.', 'Pours without a drop.', 'Fits a full hand.'],
  },
  {
    name: 'Tableware',
    parent: 'Kitchen',
    code: 'TAB',
    materials: clay,
    dishwasher: true,
    from: 5,
    to: 69,
    things: list('dinner plate, soup bowl, side plate, serving dish, salad bowl, egg cup, butter dish, cake stand'),
    sentences: ['Stacks neatly.', 'Goes from the oven to the table.', 'Thrown by hand, so no two are alike.'],
  },
  {
    name: 'Boards and tools',
    parent: 'Kitchen',
    code: 'BRD',
    materials: wood,
    from: 4,
    to: 89,
    things: list('chopping board, rolling pin, salad servers, wooden spoon, knife block, pepper mill, bread bin, trivet'),
    sentences: ['Oiled by hand.', 'Gets better with the years.', 'From a managed forest.'],
  },
  {
    name: 'Lighting',
    parent: 'Living',
    code: 'LGT',
    materials: metal,
    from: 24,
    to: 329,
    things: list('table lamp, floor lamp, pendant lamp, wall lamp, reading lamp, string lights, lantern, candle holder'),
    sentences: ['Warm light, easy to dim.', 'The cable is covered in cloth.', 'For bulbs with an E27 socket.'],
  },
  {
    name: 'Cushions and throws',
    parent: 'Living',
    code: 'CSH',
    materials: cloth,
    from: 14,
    to: 149,
    things: list('cushion, throw, bolster, floor cushion, seat pad, pouffe, blanket, cushion cover'),
    sentences: ['Soft on both sides.', 'Washable at thirty degrees.', 'Woven in a family mill.'],
  },
  {
    name: 'Vases and pots',
    parent: 'Living',
    code: 'VAS',
    materials: clay,
    from: 9,
    to: 129,
    things: list('vase, bud vase, plant pot, hanging pot, bowl, carafe, tray, bookend'),
    sentences: ['For one stem or twenty.', 'Glazed inside and out.', 'Heavy enough to stand firm.'],
  },
  {
    name: 'Storage',
    parent: 'Living',
    code: 'STO',
    materials: wood,
    from: 12,
    to: 249,
    things: list('shelf, crate, coat rack, shoe rack, magazine holder, side table, stool, basket'),
    sentences: ['Needs no tools to put together.', 'Holds more than it seems to.', 'Carries up to forty kilograms.'],
  },
  {
    name: 'Bed linen',
    parent: 'Bedroom',
    code: 'BED',
    materials: bedding,
    from: 12,
    to: 159,
    things: list('duvet cover, pillowcase, fitted sheet, flat sheet, bedspread, duvet, pillow, mattress cover'),
    sentences: ['Cool in summer and warm in winter.', 'Softer with every wash.', 'With buttons of horn.'],
  },
  {
    name: 'Towels',
    parent: 'Bathroom',
    code: 'TWL',
    materials: cloth,
    from: 5,
    to: 59,
    things: list('bath towel, hand towel, guest towel, bath sheet, face cloth, bath mat, bathrobe, sauna towel'),
    sentences: ['Dries quickly.', 'Six hundred grams a square metre.', 'With a loop to hang it by.'],
  },
  {
    name: 'Bath',
    parent: 'Bathroom',
    code: 'BTH',
    materials: metal,
    from: 7,
    to: 99,
    things: list('soap dish, toothbrush holder, mirror, towel rail, shower caddy, hook, waste bin, stool with a tray'),
    sentences: ['Does not rust.', 'Sticks without drilling.', 'Wipes clean.'],
  },
  {
    name: 'Laundry',
    parent: 'Bathroom',
    code: 'LAU',
    materials: wood,
    from: 6,
    to: 119,
    things: list('drying rack, laundry basket, ironing board, clothes horse, peg box, hanger, brush, sock sorter'),
    sentences: ['Folds flat.', 'Fits behind a door.', 'For a family of five.'],
  },
  {
    name: 'Tools',
    parent: 'Garden',
    code: 'GDN',
    materials: metal,
    from: 9,
    to: 139,
    things: list('trowel, hand fork, watering can, pruning shears, rake, spade, weeder, bucket'),
    sentences: ['Forged in one piece.', 'With a ten year guarantee.', 'For small hands and large ones.'],
  },
  {
    name: 'Planters',
    parent: 'Garden',
    code: 'PLN',
    materials: clay,
    from: 11,
    to: 199,
    things: list('planter, window box, herb pot, saucer, bird bath, seed tray, wall planter, trough'),
    sentences: ['Survives the frost.', 'With a hole for the water.', 'For a balcony or a terrace.'],
  },
  {
    name: 'Birds and bees',
    parent: 'Garden',
    code: 'BRB',
    materials: wood,
    from: 8,
    to: 79,
    things: list(`
  bird feeder, nesting box, bee hotel, hedgehog house, bat box, butterfly house, squirrel feeder,
  ladybird house
`),
    sentences: ['Opens for cleaning.', 'Made with a nature trust.', 'Ready to hang.'],
  },
  {
    name: 'Camping',
    parent: 'Outdoor',
    code: 'CMP',
    materials: tech,
    from: 9,
    to: 349,
    things: list('tent, sleeping bag, camping mug, flask, head torch, hammock, folding chair, cook set'),
    sentences: ['Light enough to carry all day.', 'Waterproof to three metres.', 'Packs into its own bag.'],
  },
  {
    name: 'Bags',
    parent: 'Outdoor',
    code: 'BAG',
    materials: tech,
    from: 14,
    to: 219,
    things: list('rucksack, day pack, weekend bag, tote, belt bag, dry bag, cool bag, saddle bag'),
    sentences: ['Repaired free of charge.', 'With a pocket for a bottle.', 'The straps do not slip.'],
  },
  {
    name: 'Desk',
    parent: 'Office',
    code: 'DSK',
    materials: paper,
    from: 3,
    to: 69,
    things: list('notebook, pen pot, letter tray, desk pad, folder, calendar, pencil case, pinboard'),
    sentences: ['Lies flat when open.', 'One hundred and sixty pages.', 'Keeps a desk in order.'],
  },
  {
    name: 'Play',
    parent: 'Children',
    code: 'PLY',
    materials: wood,
    from: 7,
    to: 119,
    things: list('building blocks, train set, puzzle, toy kitchen, pull-along duck, abacus, balance board, marble run'),
    sentences: ['For children from three years.', 'Painted with colours that are safe to chew.', 'Made to be handed down.'],
  },
  {
    name: 'Nursery',
    parent: 'Children',
    code: 'NUR',
    materials: cloth,
    from: 8,
    to: 139,
    things: list('baby blanket, night light, mobile, changing mat, sleep sack, muslin, play mat, soft rabbit'),
    sentences: ['Gentle on the skin.', 'Tested for newborns.', 'Washable at sixty degrees.'],
  },
]

export const colours = list(`
  sage green, chalk white, charcoal, terracotta, ink blue, mustard, sand, plum, slate grey, rose, olive,
  natural
`)

export const firstNames = list(`
  Ines, Ada, Amir, Anna, Aylin, Ben, Bilal, Camille, Carlos, Chiara, Clara, Daan, David, Elena, Elif, Emil,
  Emma, Eva, Femke, Finn, Freya, Gabriel, Giulia, Hana, Hugo, Ida, Isak, Jan, Jonas, Julia, Kai, Karim, Lea,
  Leila, Liam, Linnea, Luca, Lucía, Maja, Marta, Mateo, Mia, Milan, Nadia, Niamh, Nils, Noor, Olga, Oskar,
  Paula, Piotr, Rosa, Sami, Sofia, Tara, Theo, Tomasz, Vera, Yusuf, Zoé
`)

export const lastNames = list(`
  Moreau, Adeyemi, Almeida, Andersson, Bakker, Bauer, Bianchi, Björk, Byrne, Castillo, Conti, Cruz, Demir,
  de Vries, Diallo, Dubois, Eriksen, Fischer, Fontaine, García, Gruber, Haddad, Hansen, Hoffmann, Horvat,
  Ivanova, Jansen, Jensen, Kaya, Keller, Kovač, Kowalska, Lambert, Larsen, Lefèvre, Lindqvist, López, Maier,
  Martins, Meyer, Müller, Murphy, Nielsen, Novák, Nowak, O’Brien, Okafor, Olsen, Papadaki, Pereira, Petit,
  Popescu, Ricci, Rossi, Santos, Schmidt, Silva, Smit, Sørensen, Tanaka, Visser, Wagner, Weber, Wójcik, Yilmaz,
  Zimmermann
`)

export const streets = list(`
  Mill Lane, Church Street, Station Road, Harbour View, Linden Avenue, Market Square, River Walk, Garden Close,
  High Street, Orchard Way, Castle Hill, Bridge Street, School Lane, Park Terrace, Meadow Road, Old Quay
`)

/** City, country, and the first digits of its postal codes. */
export const cities: readonly (readonly [city: string, country: string, code: string])[] = [
  ['Lyon', 'FR', '6900'],
  ['Ghent', 'BE', '900'],
  ['Utrecht', 'NL', '351'],
  ['Leipzig', 'DE', '0410'],
  ['Graz', 'AT', '801'],
  ['Basel', 'CH', '405'],
  ['Turin', 'IT', '1012'],
  ['Valencia', 'ES', '4600'],
  ['Porto', 'PT', '405'],
  ['Cork', 'IE', 'T12 '],
  ['Aarhus', 'DK', '800'],
  ['Bergen', 'NO', '500'],
  ['Malmö', 'SE', '211 '],
  ['Tampere', 'FI', '3310'],
  ['Gdańsk', 'PL', '80-80'],
  ['Brno', 'CZ', '602 0'],
  ['Zagreb', 'HR', '1000'],
  ['Patras', 'GR', '262 2'],
]

/** What people say, by the stars they give: index 0 is one star. */
export const opinions: readonly (readonly (readonly [title: string, body: string])[])[] = [
  [
    ['Broke in a week', 'I expected more for this price. Sent it back.'],
    ['Not as in the picture', 'The colour is quite another one.'],
  ],
  [
    ['Rather flimsy', 'It does what it should, but I doubt for how long.'],
    ['Took three weeks', 'Fine in itself, but it came much too late.'],
  ],
  [
    ['It is all right', 'Neither good nor bad. It does its work.'],
    ['Smaller than I thought', 'Do look at the measures before you order.'],
  ],
  [
    ['Good value', 'Well made, and a fair price. One star less for the packing.'],
    ['Nearly perfect', 'I like it a lot; a second size would be good.'],
  ],
  [
    ['Lovely', 'Beautiful, solid, and just as described. I would buy it again.'],
    ['My favourite', 'In use every single day since it came.'],
    ['A gift that was loved', 'My sister asked where I had found it.'],
  ],
]
