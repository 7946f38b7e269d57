/** Related rows: embeds, their filters, and spreads. */
import { answered, refused, written, type Row } from '../row.ts'

const rep = { prefer: 'return=representation' }

const title = (...titles: readonly string[]): object[] => titles.map((one) => ({ title: one }))
const name = (...names: readonly string[]): object[] => names.map((one) => ({ name: one }))
const last = (...names: readonly string[]): object[] => names.map((one) => ({ last_name: one }))
const username = (...names: readonly string[]): object[] => names.map((one) => ({ username: one }))

export const resourceEmbedding: readonly Row[] = [
  // ── Relations ──
  answered('many to one', '/films?select=id,directors(id,last_name)&id=in.(1,2,6)', [
    { id: 1, directors: { id: 2, last_name: 'Lumière' } },
    { id: 2, directors: { id: 1, last_name: 'Dickson' } },
    { id: 6, directors: null },
  ]),
  answered('many to one', '/films?select=director(last_name),director_id(id)&id=eq.3', [
    { director: { last_name: 'Méliès' }, director_id: { id: 3 } },
  ]),
  answered('many to one under an alias', '/films?select=by:directors(last_name)&id=eq.1', [{ by: { last_name: 'Lumière' } }]),
  answered('one to many', '/directors?select=last_name,films(title)&id=gt.2', [
    { last_name: 'Méliès', films: title('The Haunted Castle') },
    { last_name: 'Tarantino', films: title('Pulp Fiction', 'Reservoir Dogs') },
  ]),
  answered('many to many', '/actors?select=first_name,films(title)&id=eq.1', [{ first_name: 'Willem', films: title('The Lighthouse') }]),
  answered('one to one', '/films?select=id,technical_specs(camera)&id=gte.5', [
    { id: 5, technical_specs: { camera: 'Arriflex 35 BL' } },
    { id: 6, technical_specs: null },
  ]),
  answered('computed relationships', '/orders?select=name,billing(name)&id=eq.2', [
    { name: 'Coffee Machine', billing: { name: '32 Glenlake Dr.' } },
  ]),
  answered('overriding relationships', '/employees?select=supervisees(last_name)&id=eq.1', [{ supervisees: last('Johnson', 'Miller') }]),

  // ── Several relations between two tables ──
  refused('several many-to-one, unsaid', '/orders?select=*,addresses(*)', 300, 'PGRST201'),
  answered('several many-to-one', '/orders?select=b:addresses!billing(name),s:addresses!shipping(name)&id=eq.1', [
    { b: { name: '32 Glenlake Dr.' }, s: { name: '30 Glenlake Dr.' } },
  ]),
  answered(
    'several many-to-one',
    '/orders?select=b:addresses!billing_address_id(id),s:addresses!orders_shipping_address_id_fkey(id)&id=eq.1',
    [{ b: { id: 1 }, s: { id: 2 } }],
  ),
  answered('several one-to-many', '/addresses?select=b:orders!billing(name),s:orders!shipping(name)&id=eq.1', [
    { b: name('Personal Water Filter', 'Coffee Machine'), s: name('Coffee Machine') },
  ]),
  answered('recursive one to one', '/presidents?select=last_name,predecessor(last_name),successor(last_name)&id=eq.2', [
    { last_name: 'Adams', predecessor: { last_name: 'Washington' }, successor: { last_name: 'Jefferson' } },
  ]),
  answered('recursive one to many', '/employees?select=last_name,supervisees(last_name)&id=eq.1', [
    { last_name: 'Taylor', supervisees: last('Johnson', 'Miller') },
  ]),
  answered('recursive many to one', '/employees?select=last_name,supervisor(last_name)&id=eq.3', [
    { last_name: 'Miller', supervisor: { last_name: 'Taylor' } },
  ]),
  answered(
    'recursive many to many',
    '/users?select=subscribers:subscriber_through_subscriptions(username),following:subscribed_through_subscriptions(username)&id=eq.4',
    [{ subscribers: username('patrick109', 'alicia_smith'), following: username('top_streamer') }],
  ),

  // ── Joins on other things than tables ──
  answered('joins on partitioned tables', '/box_office?select=bo_date,gross_revenue,films(title)&gross_revenue=gte.1000000', [
    { bo_date: '1994-10-14', gross_revenue: 9311882, films: { title: 'Pulp Fiction' } },
  ]),
  refused('joins on views', '/nominations_view?select=film_title,films(language)', 404, 'PGRST205'),
  refused('joins on chains of views', '/nominations_of_views?select=film_title', 404, 'PGRST205'),
  refused('joins on functions', '/rpc/getallfilms?select=title,directors(id)', 400, 'PGRST127'),
  written(
    'joins on inserts',
    'POST',
    '/films?select=title,director(last_name)',
    { id: 99, director_id: 2, title: 'L’Arroseur arrosé', year: 1895 },
    { status: 201, body: [{ title: 'L’Arroseur arrosé', director: { last_name: 'Lumière' } }] },
    rep,
  ),
  written(
    'joins on inserts',
    'POST',
    '/employees?select=last_name,supervisor(last_name)',
    { id: 9, last_name: 'Brown', supervisor_id: 2 },
    { status: 201, body: [{ last_name: 'Brown', supervisor: { last_name: 'Johnson' } }] },
    rep,
  ),
  written(
    'joins on updates',
    'PATCH',
    '/employees?id=eq.1&select=last_name,supervisees(last_name)&supervisees.order=last_name.desc',
    { last_name: 'Tailor' },
    { body: [{ last_name: 'Tailor', supervisees: last('Miller', 'Johnson') }] },
    rep,
  ),
  written(
    'joins on updates',
    'PATCH',
    '/presidents?id=eq.2&select=last_name,successor(last_name)',
    { last_name: 'A' },
    {
      body: [{ last_name: 'A', successor: { last_name: 'Jefferson' } }],
    },
    rep,
  ),
  written(
    'joins on updates with filters',
    'PATCH',
    '/films?id=eq.4&select=actors(last_name),director(last_name)&actors.last_name=like.T*&director.id=eq.0',
    { year: 1995 },
    { body: [{ actors: last('Thurman', 'Travolta'), director: null }] },
    rep,
  ),
  written(
    'joins on upserts',
    'POST',
    '/employees?select=id,supervisees(last_name)&order=id.desc&supervisees.order=last_name',
    [1, 2].map((id) => ({ id, last_name: 'x' })),
    {
      body: [
        { id: 2, supervisees: [] },
        { id: 1, supervisees: last('Miller', 'x') },
      ],
    },
    { prefer: 'return=representation, resolution=merge-duplicates' },
  ),
  written(
    'joins on PUT',
    'PUT',
    '/employees?id=eq.2&select=supervisor(last_name)',
    { id: 2, last_name: 'x', supervisor_id: 3 },
    {
      body: [{ supervisor: { last_name: 'Miller' } }],
    },
    rep,
  ),
  written(
    'joins on deletes',
    'DELETE',
    '/roles?film_id=eq.4&select=character,actor(last_name),film(title)&order=character.desc',
    undefined,
    {
      body: [
        { character: 'Vincent Vega', actor: { last_name: 'Travolta' }, film: { title: 'Pulp Fiction' } },
        { character: 'Mia Wallace', actor: { last_name: 'Thurman' }, film: { title: 'Pulp Fiction' } },
      ],
    },
    rep,
  ),

  // ── Parameters of embeds ──
  answered('nested embedding', '/actors?select=roles(character,films(title,year))&id=eq.1', [
    { roles: [{ character: 'Thomas Wake', films: { title: 'The Lighthouse', year: 2019 } }] },
  ]),
  answered('order in an embed', '/films?select=actors(last_name)&actors.order=last_name.desc,first_name&id=eq.4', [
    { actors: last('Travolta', 'Thurman') },
  ]),
  answered('filter in an embed', '/films?select=id,roles(character)&roles.character=in.(Mia Wallace,Mr. White)&id=gte.4', [
    { id: 4, roles: [{ character: 'Mia Wallace' }] },
    { id: 5, roles: [{ character: 'Mr. White' }] },
    { id: 6, roles: [] },
  ]),
  answered('or in an embed', '/films?select=roles(character)&roles.or=(character.eq.Mia Wallace,character.like.Vincent*)&id=eq.4', [
    { roles: [{ character: 'Mia Wallace' }, { character: 'Vincent Vega' }] },
  ]),
  answered('limit and offset in an embed', '/films?select=id,actors(id)&actors.limit=1&actors.offset=1&id=gte.4', [
    { id: 4, actors: [{ id: 5 }] },
    { id: 5, actors: [] },
    { id: 6, actors: [{ id: 2 }] },
  ]),
  answered(
    'filters by alias',
    '/films?select=id,94_comps:competitions(name),95_comps:competitions(name)&94_comps.year=eq.1994&95_comps.year=eq.1995&id=eq.4',
    [{ id: 4, '94_comps': name('Cannes'), '95_comps': name('Oscars') }],
  ),
  answered(
    'filters by name in spite of an alias',
    '/films?select=comps:competitions(name)&competitions.year=eq.1995&competitions.order=name&competitions.limit=1&id=eq.4',
    [{ comps: name('Oscars') }],
  ),
  answered(
    'filters in nested embeds',
    '/films?select=id,roles(character,actors(first_name))&roles.actors.order=last_name&roles.actors.first_name=like.*Uma*&id=eq.4',
    [
      {
        id: 4,
        roles: [
          { character: 'Mia Wallace', actors: { first_name: 'Uma' } },
          { character: 'Vincent Vega', actors: null },
        ],
      },
    ],
  ),
  refused('a filter on what is not embedded', '/films?select=title&actors.first_name=eq.John', 400, 'PGRST108'),

  // ── Filtering the rows by their embeds ──
  answered('embedded filters keep the row', '/films?select=id,actors(first_name)&actors.first_name=eq.Jehanne&id=lte.3', [
    { id: 1, actors: [] },
    { id: 2, actors: [] },
    { id: 3, actors: [{ first_name: 'Jehanne' }] },
  ]),
  answered('inner', '/films?select=title,actors!inner(first_name)&actors.first_name=eq.Jehanne', [
    { title: 'The Haunted Castle', actors: [{ first_name: 'Jehanne' }] },
  ]),
  answered('inner', '/films?select=id,roles!inner(actors!inner(first_name))&roles.actors.first_name=eq.John', [
    { id: 4, roles: [{ actors: { first_name: 'John' } }] },
  ]),
  answered('left', '/films?select=id,director!left(last_name)&director.last_name=eq.Dickson&id=lte.2', [
    { id: 1, director: null },
    { id: 2, director: { last_name: 'Dickson' } },
  ]),
  answered('embed not null', '/films?select=id,actors(last_name)&actors=not.is.null&id=lte.4', [
    { id: 3, actors: last("d'Alcy") },
    { id: 4, actors: last('Thurman', 'Travolta') },
  ]),
  answered('embed null', '/films?select=id,nominations()&nominations=is.null', [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 5 }]),
  answered('nulls of embeds within or', '/films?select=id,actors(),directors()&or=(actors.is.null,directors.is.null)', [
    { id: 1 },
    { id: 2 },
    { id: 6 },
  ]),
  answered(
    'or across embeds',
    '/films?select=title,actors(),directors()&directors.first_name=eq.Georges&actors.first_name=eq.John&or=(directors.not.is.null,actors.not.is.null)',
    title('The Haunted Castle', 'Pulp Fiction'),
  ),
  answered(
    'or across embeds under aliases',
    '/films?select=id,act:actors(),dir:directors(),actors(first_name),directors(first_name)&dir.first_name=eq.Georges&act.first_name=eq.John&or=(dir.not.is.null,act.not.is.null)',
    [
      { id: 3, actors: [{ first_name: 'Jehanne' }], directors: { first_name: 'Georges' } },
      { id: 4, actors: [{ first_name: 'Uma' }, { first_name: 'John' }], directors: { first_name: 'Quentin' } },
    ],
  ),
  refused('another operator on an embed', '/films?select=id,actors()&actors=eq.1', 400, 'PGRST120'),
  answered('empty embed', '/films?select=title,actors()&actors.first_name=eq.Jehanne&actors=not.is.null', title('The Haunted Castle')),

  // ── Ordering the rows by their embeds ──
  answered('order by an embed', '/films?select=id,directors(last_name)&order=directors(last_name).desc&id=lte.3', [
    { id: 3, directors: { last_name: 'Méliès' } },
    { id: 1, directors: { last_name: 'Lumière' } },
    { id: 2, directors: { last_name: 'Dickson' } },
  ]),
  answered(
    'order by an embed',
    '/films?select=id,directors()&order=directors(last_name).nullsfirst,title.desc',
    [6, 2, 1, 3, 5, 4].map((id) => ({ id })),
  ),
  refused('order by an embed that is to many', '/directors?select=id,films(id)&order=films(id)', 400, 'PGRST118'),
  refused('order by what is not embedded', '/films?select=id&order=directors(last_name)', 400, 'PGRST108'),

  // ── Spreads ──
  answered('spread to one', '/films?select=id,...directors(director_first_name:first_name,director_last_name:last_name)&id=in.(1,6)', [
    { id: 1, director_first_name: 'Louis', director_last_name: 'Lumière' },
    { id: 6, director_first_name: null, director_last_name: null },
  ]),
  answered('spread to many', '/directors?select=first_name,...films(film_titles:title,film_years:year)&first_name=like.Quentin*', [
    { first_name: 'Quentin', film_titles: ['Pulp Fiction', 'Reservoir Dogs'], film_years: [1994, 1992] },
  ]),
  answered(
    'order in a spread to many',
    '/directors?select=first_name,...films(film_titles:title,film_years:year)&first_name=like.Quentin*&films.order=year',
    [{ first_name: 'Quentin', film_titles: ['Reservoir Dogs', 'Pulp Fiction'], film_years: [1992, 1994] }],
  ),
  answered(
    'several spreads',
    '/directors?select=...films(film_titles:title,...technical_specs(film_runtimes:runtime),...roles(film_characters:character))&id=eq.4&films.order=year&films.roles.order=character',
    [
      {
        film_titles: ['Reservoir Dogs', 'Pulp Fiction'],
        film_runtimes: ['01:39:00', '02:34:00'],
        film_characters: [['Mr. White'], ['Mia Wallace', 'Vincent Vega']],
      },
    ],
  ),
  answered(
    'spread of a join table',
    '/films?select=title,actors:roles(character,...actors(first_name,last_name))&title=like.*Lighthouse*',
    [
      {
        title: 'The Lighthouse',
        actors: [
          { character: 'Thomas Wake', first_name: 'Willem', last_name: 'Dafoe' },
          { character: 'Ephraim Winslow', first_name: 'Robert', last_name: 'Pattinson' },
        ],
      },
    ],
  ),
  answered('inner', '/films?select=id,director!inner()&director.last_name=eq.Tarantino', [{ id: 4 }, { id: 5 }]),
]
