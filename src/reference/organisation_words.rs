//! Words of trade that mark a Latin name as an organisation's even without a legal form.
//!
//! Compiled for guiyi from the headings of business directories in English, German, French, Spanish and Italian, dated
//! 2026-11. Words are in lower case without accents; German umlauts stand in both spellings (backerei, baeckerei). Left out
//! are words that are common family or given names too (Mason, Baker, Power, Marine, Mercado, Music for Musić).

use super::hashing::FixedSet;
use std::sync::LazyLock;

const ENGLISH: &str = "\
    academy accountants accounting adhesives advertising advisers advisors advisory aerospace agencies agency \
    agricultural agriculture agro airlines airport airways alarms alliance analytics and antiques apparel \
    appliances architects architecture asphalt assets associates association assurance attorneys auctioneers \
    auctions audit authority auto automation automobiles automotive autos aviation bakeries bakery bank barbershop \
    bathrooms batteries battery bearings beauty beverage beverages bicycles biosciences biotech biotechnology \
    bistro boats bodyworks bookkeeping books bookshop bookstore boutique brakes branch breweries brewery brewing \
    broadcasting brokerage brokers bros brothers builders bureau butchers cabinets cables cafe capital cardiology \
    cargo carpentry carpets carwash casino castings catering cement cemetery center centre ceramics chamber \
    charities charity chemical chemicals chemists childcare chiropractic chocolate chocolates cinema cleaners \
    cleaning clinic clinics clothing club coatings coffee collective college commission committee communications \
    components computer computers computing concepts concrete confectionery consortium construction constructions \
    consultancy consultants consulting contracting contractors controls cooling coop cooperative cosmetics council \
    counselling courier couriers cranes creations creative credit cruises cycles dairy data daycare decorating \
    decorators defence defense delicatessen demolition dental dentistry department dermatology design designs \
    developers development developments devices diagnostics digital diner disposal distillers distillery \
    distributing distribution distributors doors drilling drinks drywall education educational electric electrical \
    electricians electronics elevators energy engineering engineers enterprise enterprises entertainment \
    environmental equestrian equipment equity events excavating excavation export exports express fabrication \
    fabrications fabrics factory farms fashion fashions fasteners federation feeds fencing fertilisers fertilizers \
    film films finance financial fisheries fitness fixtures flooring florist florists foods footwear forestry \
    forge forwarders forwarding foundation foundry freight fruits fuel fuels fund funding funds funeral \
    furnishings furniture gallery games gaming garage garments gas genetics genomics gifts glassworks glazing \
    global golf graphics groceries grocers grocery group gutters gym hairdressers hairdressing hardware haulage \
    health healthcare heating holding holdings homes hospital hospitality hospitals hostel hotel hotels hvac \
    hydraulics hydro imaging import imports industrial industries industry innovation innovations installations \
    institute instruments insulation insurance intelligence interiors international investment investments \
    jewelers jewellers jewellery jewelry joinery kennels kindergarten kitchens knitwear laboratories laboratory \
    labs landscaping laundry lawyers league learning leasing leather legal library lifts lighting liquor liquors \
    loans locksmith locksmiths logistics lottery lubricants lumber machinery machines machining maintenance \
    management manufacturing marketing markets masonry materials meats mechanical media medical medicine merchants \
    metal metals metalworks microsystems millwork minerals mining ministry mobility mortgage mortgages motel motor \
    motorcycles motors movers mufflers museum mutual naval network networks nuclear nurseries nursery nutrition \
    office oil optical opticians optics optometry orchards organics orthodontics outfitters outlet outsourcing \
    packaging paint painting paints paper partners paving payments pediatrics pension performance personnel pest \
    petrochemicals petroleum pets pharma pharmaceutical pharmaceuticals pharmacies pharmacy photo photography \
    photonics physiotherapy pictures pipelines pizza pizzeria plantations plastering plastics plumbing polymers \
    pools pottery poultry precision preschool print printers printing processing procurement produce productions \
    products promotions properties property publications publishers publishing pumps quarries quarry radiology \
    rail railway railways realtors realty records recruiting recruitment recycling refrigeration rehabilitation \
    reinsurance removals renewables renovations rental rentals repair repairs research resins resort resorts \
    resources restaurant restaurants retail retailers robotics roofing rubber salon sanitation satellite savings \
    scaffolding school seafood seafoods securities security seeds semiconductor semiconductors sensors service \
    services shipping shipyard shoes shop siding signage soccer society software solar solicitors solutions \
    sourcing specialists sports stadium staffing stationery steakhouse steelworks storage store stores strategies \
    studio studios supermarket supermarkets suppliers supplies supply surgery surveying surveyors sushi systems \
    tavern tax taxi taxis tech technical technologies technology telecom telecommunications telecoms tennis \
    textile textiles theatre therapeutics therapy tiles timber tire tires tobacco tooling tools tourism tours \
    towing toys traders trading training transit transport transportation travel travels trucking trucks trust \
    tutoring tyre tyres underwriters union university upholstery utilities utility valves vegetables vehicles \
    vending ventures veterinary vineyard vineyards warehousing waste watches wealth weddings welding wellness \
    wholesale wholesalers windows winery wines wireless woodworking woodworks workshop worldwide yachts";

const GERMAN: &str = "\
    anlagenbau apotheke architekten autohaus backerei baeckerei bauunternehmen bauunternehmung bedachungen \
    beratung brauerei buchhandlung dachdeckerei dienstleistungen druckerei elektro elektrotechnik fahrschule \
    fahrzeugbau fleischerei gaertnerei gartnerei gasthaus gasthof gaststaette gaststatte gebaeudereinigung \
    gebaudereinigung gemeinde genossenschaft gesellschaft getraenke getranke gewerbe grosshandel gymnasium handel \
    handelsgesellschaft haustechnik hausverwaltung heizung heizungsbau hochbau hochschule holzbau immobilien \
    ingenieurbuero ingenieurburo innenausbau kanzlei kfz klinik konditorei krankenhaus lackiererei landhandel \
    lebensmittel logistik malerbetrieb maschinenbau maschinenfabrik mechanik metallbau metzgerei mobel moebel \
    optik personaldienstleistungen praxis rechtsanwaelte rechtsanwalte reinigung reisebuero reiseburo sanitaer \
    sanitar schlosserei schreinerei schule sparkasse spedition stadtwerke stahlbau steuerberater steuerberatung \
    stiftung technik textil tiefbau tierarztpraxis tischlerei transporte treuhand universitaet universitat \
    unternehmensberatung verband verein verlag versicherung versicherungen vertrieb verwaltung volksbank \
    wasserwerk weingut werbung werk werke werkstatt werkzeugbau wohnungsbau zahnarztpraxis zimmerei";

const FRENCH: &str = "\
    assurances atelier ateliers auberge automobile banque batiment bijouterie boucherie boulangerie brasserie \
    cabinet charcuterie charpente chauffage cie clinique coiffure compagnie conseil conseils couverture cuisines \
    ecole editions electricite epicerie etablissements ets fromagerie hopital hotellerie immobilier immobiliere \
    imprimerie jardinerie librairie lycee maconnerie mairie materiaux menuiserie nettoyage papeterie parfumerie \
    patisserie peinture pharmacie plomberie poissonnerie pressing quincaillerie scierie serrurerie societe \
    syndicat traiteur transports travaux usine";

const SPANISH: &str = "\
    abogados agropecuaria alimentos asesores asesoria asociacion automoviles autopartes banco bodegas cafeteria \
    carniceria clinica colegio comercial comercializadora compania construcciones constructora consultores \
    consultoria cooperativa distribuciones distribuidora distribuidores electricidad empresa empresas escuela \
    exportadora fabrica farmacia ferreteria floristeria fontaneria fundacion gasolinera gimnasio grupo hermanos \
    importadora industrias ingenieria inmobiliaria instituto inversiones joyeria laboratorios lavanderia libreria \
    logistica materiales muebles panaderia papeleria pasteleria peluqueria productos proyectos restaurante seguros \
    servicios sistemas soluciones suministros supermercado supermercados taller talleres tecnologia tecnologias \
    tienda transportes universidad viajes zapateria";

const ITALIAN: &str = "\
    abbigliamento agenzia agricola albergo alimentari arredamenti assicurazioni associazione autofficina \
    autotrasporti azienda banca cantine carrozzeria caseificio commerciale consorzio consulenza costruzioni ditta \
    edilizia elettronica fabbrica falegnameria ferramenta figli fondazione fratelli gelateria gioielleria grafica \
    immobiliare impianti impresa industrie istituto lavorazioni macelleria meccanica mobili officina officine \
    ospedale panificio parrucchieri pasticceria progetti ristorante salumificio servizi sistemi societa tecnologie \
    tipografia trasporti trattoria universita viaggi";

/// A set of words, looked up by hash.
pub struct WordSet {
    words: FixedSet<&'static str>,
}

impl WordSet {
    /// Is `word`, in lower case without accents, one of the set?
    pub fn contains(&self, word: &(impl AsRef<str> + ?Sized)) -> bool {
        self.words.contains(word.as_ref())
    }
}

/// Words that mark a Latin name as an organisation even without a legal form.
///
/// # Examples
/// ```
/// use guiyi::reference::legal_forms::LATIN_ORGANISATION_WORDS;
/// assert!(LATIN_ORGANISATION_WORDS.contains("catering") && !LATIN_ORGANISATION_WORDS.contains("mason"));
/// ```
pub static LATIN_ORGANISATION_WORDS: LazyLock<WordSet> = LazyLock::new(|| WordSet {
    words: all().collect(),
});

/// The words in the order of the lists.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    [ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN]
        .into_iter()
        .flat_map(str::split_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_trade_are_known_and_names_of_people_are_not() {
        for word in [
            "catering",
            "chemicals",
            "devices",
            "furniture",
            "plumbing",
            "dental",
            "roofing",
            "motors",
            "bakery",
            "backerei",
            "boulangerie",
            "ferreteria",
            "officine",
        ] {
            assert!(LATIN_ORGANISATION_WORDS.contains(word), "{word}");
        }
        for name in [
            "mason",
            "carpenter",
            "taylor",
            "baker",
            "cook",
            "marina",
            "marine",
            "power",
            "mercado",
            "music",
            "tea",
            "flowers",
            "church",
            "law",
            "smith",
            "",
        ] {
            assert!(!LATIN_ORGANISATION_WORDS.contains(name), "{name}");
        }
    }

    #[test]
    fn no_word_stands_twice_and_all_are_plain() {
        assert_eq!(all().count(), LATIN_ORGANISATION_WORDS.words.len());
        assert!(all().all(|word| word.bytes().all(|b| b.is_ascii_lowercase())));
    }
}
