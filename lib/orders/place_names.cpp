#include "orders/place_names.h"

#include "orders/latin_text.h"
#include "orders/order_values.h"

#include <algorithm>
#include <array>

namespace domspool::place_names {

namespace {

// NAME=CODE; in order of names, which are lower-case letters of ASCII and blanks (ISO 3166-1; the
// other codes and the names in other languages are those that are met in addresses).
constexpr std::string_view kCountries =
    "abw=AW;afg=AF;afghanistan=AF;ago=AO;aia=AI;ala=AX;aland islands=AX;alb=AL;albania=AL;"
    "algeria=DZ;algerie=DZ;allemagne=DE;america=US;american samoa=AS;and=AD;andorra=AD;"
    "angleterre=GB;angola=AO;anguilla=AI;antarctica=AQ;antigua and barbuda=AG;are=AE;arg=AR;"
    "argentina=AR;arm=AM;armenia=AM;aruba=AW;asm=AS;ata=AQ;atf=TF;atg=AG;aus=AU;australia=AU;"
    "austria=AT;aut=AT;autriche=AT;aze=AZ;azerbaijan=AZ;bahamas=BS;bahrain=BH;bangladesh=BD;"
    "barbados=BB;bdi=BI;bel=BE;belarus=BY;belgie=BE;belgique=BE;belgium=BE;belize=BZ;ben=BJ;"
    "benin=BJ;bermuda=BM;bes=BQ;bfa=BF;bgd=BD;bgr=BG;bhr=BH;bhs=BS;bhutan=BT;bih=BA;blm=BL;"
    "blr=BY;blz=BZ;bmu=BM;bol=BO;bolivia=BO;bolivia plurinational state of=BO;bonaire=BQ;"
    "bonaire sint eustatius and saba=BQ;bosnia and herzegovina=BA;botswana=BW;bouvet island=BV;"
    "bra=BR;brasil=BR;brazil=BR;brb=BB;bresil=BR;british indian ocean territory=IO;brn=BN;"
    "brunei=BN;brunei darussalam=BN;btn=BT;bulgaria=BG;burkina faso=BF;burma=MM;burundi=BI;"
    "bvt=BV;bwa=BW;cabo verde=CV;caf=CF;cambodia=KH;cameroon=CM;can=CA;canada=CA;cape verde=CV;"
    "cayman islands=KY;cck=CC;central african republic=CF;cesko=CZ;chad=TD;che=CH;chile=CL;"
    "china=CN;chine=CN;chl=CL;chn=CN;christmas island=CX;civ=CI;cmr=CM;cocos islands=CC;cod=CD;"
    "cog=CG;cok=CK;col=CO;colombia=CO;com=KM;comoros=KM;congo=CG;"
    "congo the democratic republic of the=CD;cook islands=CK;costa rica=CR;cote d ivoire=CI;"
    "cpv=CV;cri=CR;croatia=HR;cub=CU;cuba=CU;curacao=CW;cuw=CW;cxr=CX;cym=KY;cyp=CY;cyprus=CY;"
    "cze=CZ;czech republic=CZ;czechia=CZ;danemark=DK;danmark=DK;denmark=DK;deu=DE;deutschland=DE;"
    "dji=DJ;djibouti=DJ;dma=DM;dnk=DK;dom=DO;dominica=DM;dominican republic=DO;dza=DZ;ecu=EC;"
    "ecuador=EC;eesti=EE;egy=EG;egypt=EG;eire=IE;el=GR;el salvador=SV;emirates=AE;england=GB;"
    "equatorial guinea=GQ;eri=ER;eritrea=ER;esh=EH;esp=ES;espagne=ES;espana=ES;est=EE;estonia=EE;"
    "eswatini=SZ;etats unis=US;eth=ET;ethiopia=ET;falkland islands=FK;faroe islands=FO;fiji=FJ;"
    "fin=FI;finland=FI;finlande=FI;fji=FJ;flk=FK;fra=FR;france=FR;french guiana=GF;"
    "french polynesia=PF;french southern territories=TF;fro=FO;fsm=FM;gab=GA;gabon=GA;gambia=GM;"
    "gbr=GB;geo=GE;georgia=GE;germany=DE;ggy=GG;gha=GH;ghana=GH;gib=GI;gibraltar=GI;gin=GN;"
    "glp=GP;gmb=GM;gnb=GW;gnq=GQ;grande bretagne=GB;grc=GR;grd=GD;great britain=GB;grece=GR;"
    "greece=GR;greenland=GL;grenada=GD;grl=GL;gtm=GT;guadeloupe=GP;guam=GU;guatemala=GT;"
    "guernsey=GG;guf=GF;guinea=GN;guinea bissau=GW;gum=GU;guy=GY;guyana=GY;haiti=HT;"
    "heard island and mcdonald islands=HM;hellas=GR;hkg=HK;hmd=HM;hnd=HN;holland=NL;holy see=VA;"
    "honduras=HN;hong kong=HK;hongrie=HU;hrv=HR;hrvatska=HR;hti=HT;hun=HU;hungary=HU;iceland=IS;"
    "idn=ID;imn=IM;ind=IN;inde=IN;india=IN;indonesia=ID;iot=IO;iran=IR;"
    "iran islamic republic of=IR;iraq=IQ;ireland=IE;irl=IE;irlande=IE;irn=IR;irq=IQ;isl=IS;"
    "island=IS;isle of man=IM;isr=IL;israel=IL;ita=IT;italia=IT;italie=IT;italy=IT;"
    "ivory coast=CI;jam=JM;jamaica=JM;japan=JP;japon=JP;jersey=JE;jey=JE;jor=JO;jordan=JO;jpn=JP;"
    "kaz=KZ;kazakhstan=KZ;ken=KE;kenya=KE;kgz=KG;khm=KH;kir=KI;kiribati=KI;kna=KN;kor=KR;"
    "korea democratic people s republic of=KP;korea republic of=KR;kuwait=KW;kwt=KW;"
    "kyrgyzstan=KG;lao=LA;lao people s democratic republic=LA;laos=LA;latvia=LV;latvija=LV;"
    "lbn=LB;lbr=LR;lby=LY;lca=LC;lebanon=LB;lesotho=LS;liberia=LR;libya=LY;lie=LI;"
    "liechtenstein=LI;lietuva=LT;lithuania=LT;lka=LK;lso=LS;ltu=LT;lux=LU;luxembourg=LU;"
    "luxemburg=LU;lva=LV;mac=MO;macao=MO;macau=MO;macedonia=MK;madagascar=MG;maf=MF;"
    "magyarorszag=HU;malawi=MW;malaysia=MY;maldives=MV;mali=ML;malta=MT;mar=MA;maroc=MA;"
    "marshall islands=MH;martinique=MQ;mauritania=MR;mauritius=MU;mayotte=YT;mco=MC;mda=MD;"
    "mdg=MG;mdv=MV;mex=MX;mexico=MX;mhl=MH;micronesia=FM;mkd=MK;mli=ML;mlt=MT;mmr=MM;mne=ME;"
    "mng=MN;mnp=MP;moldova=MD;moldova republic of=MD;monaco=MC;mongolia=MN;montenegro=ME;"
    "montserrat=MS;morocco=MA;moz=MZ;mozambique=MZ;mrt=MR;msr=MS;mtq=MQ;mus=MU;mwi=MW;myanmar=MM;"
    "mys=MY;myt=YT;nam=NA;namibia=NA;nauru=NR;ncl=NC;nederland=NL;nepal=NP;ner=NE;netherlands=NL;"
    "new caledonia=NC;new zealand=NZ;nfk=NF;nga=NG;nic=NI;nicaragua=NI;niger=NE;nigeria=NG;"
    "niu=NU;niue=NU;nld=NL;nor=NO;norfolk island=NF;norge=NO;north korea=KP;north macedonia=MK;"
    "northern ireland=GB;northern mariana islands=MP;norvege=NO;norway=NO;npl=NP;nru=NR;nzl=NZ;"
    "oman=OM;omn=OM;osterreich=AT;pak=PK;pakistan=PK;palau=PW;palestine=PS;palestine state of=PS;"
    "pan=PA;panama=PA;papua new guinea=PG;paraguay=PY;pays bas=NL;pcn=PN;per=PE;peru=PE;"
    "philippines=PH;phl=PH;pitcairn=PN;plw=PW;png=PG;pol=PL;poland=PL;pologne=PL;polska=PL;"
    "portugal=PT;pri=PR;prk=KP;prt=PT;pry=PY;pse=PS;puerto rico=PR;pyf=PF;qat=QA;qatar=QA;reu=RE;"
    "reunion=RE;romania=RO;rou=RO;roumanie=RO;royaume uni=GB;rus=RU;russia=RU;"
    "russian federation=RU;rwa=RW;rwanda=RW;saint barthelemy=BL;saint helena=SH;"
    "saint helena ascension and tristan da cunha=SH;saint kitts and nevis=KN;saint lucia=LC;"
    "saint martin=MF;saint pierre and miquelon=PM;saint vincent and the grenadines=VC;samoa=WS;"
    "san marino=SM;sao tome and principe=ST;sau=SA;saudi arabia=SA;schweiz=CH;scotland=GB;sdn=SD;"
    "sen=SN;senegal=SN;serbia=RS;seychelles=SC;sgp=SG;sgs=GS;shn=SH;sierra leone=SL;singapore=SG;"
    "sint maarten=SX;sjm=SJ;slb=SB;sle=SL;slovakia=SK;slovenia=SI;slovenija=SI;slovensko=SK;"
    "slv=SV;smr=SM;solomon islands=SB;som=SO;somalia=SO;south africa=ZA;"
    "south georgia and the south sandwich islands=GS;south korea=KR;south sudan=SS;spain=ES;"
    "spm=PM;srb=RS;srbija=RS;sri lanka=LK;ssd=SS;stp=ST;sudan=SD;suede=SE;suisse=CH;suomi=FI;"
    "sur=SR;suriname=SR;svalbard and jan mayen=SJ;sverige=SE;svizzera=CH;svk=SK;svn=SI;"
    "swaziland=SZ;swe=SE;sweden=SE;switzerland=CH;swz=SZ;sxm=SX;syc=SC;syr=SY;syria=SY;"
    "syrian arab republic=SY;taiwan=TW;taiwan province of china=TW;tajikistan=TJ;tanzania=TZ;"
    "tanzania united republic of=TZ;tca=TC;tcd=TD;tgo=TG;tha=TH;thailand=TH;the netherlands=NL;"
    "timor leste=TL;tjk=TJ;tkl=TK;tkm=TM;tls=TL;togo=TG;tokelau=TK;ton=TO;tonga=TO;"
    "trinidad and tobago=TT;tto=TT;tun=TN;tunisia=TN;tunisie=TN;tur=TR;turkey=TR;turkiye=TR;"
    "turkmenistan=TM;turks and caicos islands=TC;turquie=TR;tuv=TV;tuvalu=TV;twn=TW;tza=TZ;"
    "uae=AE;uga=UG;uganda=UG;uk=GB;ukr=UA;ukraine=UA;umi=UM;united arab emirates=AE;"
    "united kingdom=GB;united states=US;united states minor outlying islands=UM;"
    "united states of america=US;uruguay=UY;ury=UY;usa=US;uzb=UZ;uzbekistan=UZ;vanuatu=VU;vat=VA;"
    "vatican=VA;vct=VC;ven=VE;venezuela=VE;venezuela bolivarian republic of=VE;vgb=VG;"
    "viet nam=VN;vietnam=VN;vir=VI;virgin islands=VG;virgin islands british=VG;"
    "virgin islands u s=VI;vnm=VN;vut=VU;wales=GB;wallis and futuna=WF;western sahara=EH;wlf=WF;"
    "wsm=WS;yem=YE;yemen=YE;zaf=ZA;zambia=ZM;zimbabwe=ZW;zmb=ZM;zwe=ZW;";

struct AreaNames {
    std::string_view country;
    std::string_view names;
};

// ISO 3166-2. Great Britain's parts are renamed too often for a list to be right.
constexpr std::array<AreaNames, 9> kAreas = {{
    {"AU",
     "australian capital territory=ACT;new south wales=NSW;northern territory=NT;queensland=QLD;"
     "south australia=SA;tasmania=TAS;victoria=VIC;western australia=WA;"},
    {"BR",
     "acre=AC;alagoas=AL;amapa=AP;amazonas=AM;bahia=BA;ceara=CE;distrito federal=DF;"
     "espirito santo=ES;goias=GO;maranhao=MA;mato grosso=MT;mato grosso do sul=MS;minas gerais=MG;"
     "para=PA;paraiba=PB;parana=PR;pernambuco=PE;piaui=PI;rio de janeiro=RJ;"
     "rio grande do norte=RN;rio grande do sul=RS;rondonia=RO;roraima=RR;santa catarina=SC;"
     "sao paulo=SP;sergipe=SE;tocantins=TO;"},
    {"CA",
     "alberta=AB;british columbia=BC;manitoba=MB;new brunswick=NB;newfoundland and labrador=NL;"
     "northwest territories=NT;nova scotia=NS;nunavut=NU;ontario=ON;prince edward island=PE;"
     "quebec=QC;saskatchewan=SK;yukon=YT;"},
    {"ES",
     "a coruna=C;alacant=A;albacete=AB;almeria=AL;andalucia=AN;andalusia=AN;araba=VI;aragon=AR;"
     "asturias=AS;asturias principado de=AS;avila=AV;badajoz=BA;barcelona=B;basque country=PV;"
     "bizkaia=BI;burgos=BU;caceres=CC;cadiz=CA;canarias=CN;cantabria=CB;castello=CS;"
     "castilla la mancha=CM;castilla y leon=CL;catalonia=CT;cataluna=CT;catalunya=CT;ceuta=CE;"
     "ciudad real=CR;cordoba=CO;cuenca=CU;euskal herria=PV;extremadura=EX;galicia=GA;gerona=GI;"
     "gipuzkoa=SS;girona=GI;granada=GR;guadalajara=GU;huelva=H;huesca=HU;illes balears=IB;"
     "islas baleares=IB;jaen=J;la coruna=C;la rioja=LO;las palmas=GC;leon=LE;lerida=L;lleida=L;"
     "lugo=LU;madrid=M;madrid comunidad de=MD;malaga=MA;melilla=ML;murcia=MC;murcia region de=MC;"
     "nafarroa=NA;nafarroako foru komunitatea=NC;orense=OR;ourense=OR;palencia=P;pontevedra=PO;"
     "salamanca=SA;santa cruz de tenerife=TF;segovia=SG;sevilla=SE;soria=SO;tarragona=T;teruel=TE;"
     "toledo=TO;valencia=V;valenciana=VC;valenciana comunidad=VC;valladolid=VA;zamora=ZA;"
     "zaragoza=Z;"},
    {"IE",
     "carlow=CW;cavan=CN;clare=CE;connaught=C;cork=CO;donegal=DL;dublin=D;galway=G;kerry=KY;"
     "kildare=KE;kilkenny=KK;laois=LS;leinster=L;leitrim=LM;limerick=LK;longford=LD;louth=LH;"
     "mayo=MO;meath=MH;monaghan=MN;munster=M;offaly=OY;roscommon=RN;sligo=SO;tipperary=TA;"
     "ulster=U;waterford=WD;westmeath=WH;wexford=WX;wicklow=WW;"},
    {"IT",
     "abruzzo=65;agrigento=AG;alessandria=AL;ancona=AN;arezzo=AR;ascoli piceno=AP;asti=AT;"
     "avellino=AV;bari=BA;barletta andria trani=BT;basilicata=77;belluno=BL;benevento=BN;"
     "bergamo=BG;biella=BI;bologna=BO;bolzano=BZ;brescia=BS;brindisi=BR;cagliari=CA;calabria=78;"
     "caltanissetta=CL;campania=72;campobasso=CB;caserta=CE;catania=CT;catanzaro=CZ;chieti=CH;"
     "como=CO;cosenza=CS;cremona=CR;crotone=KR;cuneo=CN;emilia romagna=45;enna=EN;fermo=FM;"
     "ferrara=FE;firenze=FI;florence=FI;foggia=FG;forli cesena=FC;friuli venezia giulia=36;"
     "frosinone=FR;genoa=GE;genova=GE;gorizia=GO;grosseto=GR;imperia=IM;isernia=IS;l aquila=AQ;"
     "la spezia=SP;latina=LT;lazio=62;lecce=LE;lecco=LC;liguria=42;livorno=LI;lodi=LO;"
     "lombardia=25;lucca=LU;macerata=MC;mantova=MN;marche=57;massa carrara=MS;matera=MT;"
     "messina=ME;milan=MI;milano=MI;modena=MO;molise=67;monza e brianza=MB;naples=NA;napoli=NA;"
     "novara=NO;nuoro=NU;oristano=OR;padova=PD;palermo=PA;parma=PR;pavia=PV;perugia=PG;"
     "pesaro e urbino=PU;pescara=PE;piacenza=PC;piemonte=21;pisa=PI;pistoia=PT;pordenone=PN;"
     "potenza=PZ;prato=PO;puglia=75;ragusa=RG;ravenna=RA;reggio calabria=RC;reggio emilia=RE;"
     "rieti=RI;rimini=RN;roma=RM;rome=RM;rovigo=RO;salerno=SA;sardegna=88;sassari=SS;savona=SV;"
     "sicilia=82;siena=SI;siracusa=SR;sondrio=SO;sud sardegna=SU;taranto=TA;teramo=TE;terni=TR;"
     "torino=TO;toscana=52;trapani=TP;trentino alto adige=32;trento=TN;treviso=TV;trieste=TS;"
     "turin=TO;udine=UD;umbria=55;val d aoste=23;varese=VA;veneto=34;venezia=VE;venice=VE;"
     "verbano cusio ossola=VB;vercelli=VC;verona=VR;vibo valentia=VV;vicenza=VI;viterbo=VT;"},
    {"JP",
     "aichi=23;akita=05;aomori=02;chiba=12;ehime=38;fukui=18;fukuoka=40;fukushima=07;gifu=21;"
     "gunma=10;hiroshima=34;hokkaido=01;hyogo=28;ibaraki=08;ishikawa=17;iwate=03;kagawa=37;"
     "kagoshima=46;kanagawa=14;kochi=39;kumamoto=43;kyoto=26;mie=24;miyagi=04;miyazaki=45;"
     "nagano=20;nagasaki=42;nara=29;niigata=15;oita=44;okayama=33;okinawa=47;osaka=27;saga=41;"
     "saitama=11;shiga=25;shimane=32;shizuoka=22;tochigi=09;tokushima=36;tokyo=13;tottori=31;"
     "toyama=16;wakayama=30;yamagata=06;yamaguchi=35;yamanashi=19;"},
    {"MX",
     "aguascalientes=AGU;baja california=BCN;baja california sur=BCS;campeche=CAM;chiapas=CHP;"
     "chihuahua=CHH;ciudad de mexico=CMX;coahuila de zaragoza=COA;colima=COL;durango=DUR;"
     "guanajuato=GUA;guerrero=GRO;hidalgo=HID;jalisco=JAL;mexico=MEX;mexico city=CMX;"
     "michoacan de ocampo=MIC;morelos=MOR;nayarit=NAY;nuevo leon=NLE;oaxaca=OAX;puebla=PUE;"
     "queretaro=QUE;quintana roo=ROO;san luis potosi=SLP;sinaloa=SIN;sonora=SON;tabasco=TAB;"
     "tamaulipas=TAM;tlaxcala=TLA;veracruz de ignacio de la llave=VER;yucatan=YUC;zacatecas=ZAC;"},
    {"US",
     "alabama=AL;alaska=AK;american samoa=AS;arizona=AZ;arkansas=AR;california=CA;colorado=CO;"
     "connecticut=CT;delaware=DE;district of columbia=DC;florida=FL;georgia=GA;guam=GU;hawaii=HI;"
     "idaho=ID;illinois=IL;indiana=IN;iowa=IA;kansas=KS;kentucky=KY;louisiana=LA;maine=ME;"
     "maryland=MD;massachusetts=MA;michigan=MI;minnesota=MN;mississippi=MS;missouri=MO;montana=MT;"
     "nebraska=NE;nevada=NV;new hampshire=NH;new jersey=NJ;new mexico=NM;new york=NY;"
     "north carolina=NC;north dakota=ND;northern mariana islands=MP;ohio=OH;oklahoma=OK;oregon=OR;"
     "pennsylvania=PA;puerto rico=PR;rhode island=RI;south carolina=SC;south dakota=SD;"
     "tennessee=TN;texas=TX;united states minor outlying islands=UM;utah=UT;vermont=VT;"
     "virgin islands=VI;virgin islands u s=VI;virginia=VA;washington=WA;washington d c=DC;"
     "washington dc=DC;west virginia=WV;wisconsin=WI;wyoming=WY;"},
}};

// Without accents, letter case and signs.
std::string folded_name(std::string_view name) {
    std::string folded;
    for (const char c : order_values::folded(latin_text::without_accents(name))) {
        if (c >= 'a' && c <= 'z') {
            folded += c;
        } else if (!folded.empty() && folded.back() != ' ') {
            folded += ' ';
        }
    }
    return order_values::trimmed(folded);
}

std::string code_in(std::string_view list, const std::string& name) {
    if (name.empty()) return "";
    const std::string entry = ";" + name + "=";
    std::size_t begin = 0;
    if (!list.starts_with(std::string_view(entry).substr(1))) {
        begin = list.find(entry);
        if (begin == std::string_view::npos) return "";
        ++begin;
    }
    begin += entry.size() - 1;
    return std::string(list.substr(begin, list.find(';', begin) - begin));
}

}  // namespace

std::string country_named(std::string_view name) {
    return code_in(kCountries, folded_name(name));
}

std::string area_named(std::string_view country, std::string_view name) {
    const auto entry = std::ranges::find(kAreas, country, &AreaNames::country);
    return entry == kAreas.end() ? "" : code_in(entry->names, folded_name(name));
}

}  // namespace domspool::place_names
