"""The terms of the ontology as types, so that a misspelt term is found before anything runs."""

from enum import StrEnum, unique

from ontology.namespaces import SIKG


@unique
class Class(StrEnum):
    """Name the classes of `core.ttl`; the value of each is its IRI."""

    # Actors
    ACTOR = f"{SIKG}Actor"
    ORGANISATION = f"{SIKG}Organisation"
    PUBLIC_ORGANISATION = f"{SIKG}PublicOrganisation"

    # Projects and who takes part in them
    PROJECT = f"{SIKG}Project"
    CONSORTIUM = f"{SIKG}Consortium"
    PARTICIPATION = f"{SIKG}Participation"
    ROLE = f"{SIKG}Role"

    # Money and where it comes from
    FUNDING_INSTRUMENT = f"{SIKG}FundingInstrument"
    FUND = f"{SIKG}Fund"
    PROGRAMME = f"{SIKG}Programme"
    STRAND = f"{SIKG}Strand"
    INITIATIVE = f"{SIKG}Initiative"
    CALL = f"{SIKG}Call"
    PROGRAMME_KIND = f"{SIKG}ProgrammeKind"
    FUNDING = f"{SIKG}Funding"
    FUNDING_KIND = f"{SIKG}FundingKind"
    FUNDING_PHASE = f"{SIKG}FundingPhase"
    BENEFICIARY_KIND = f"{SIKG}BeneficiaryKind"
    EXCHANGE_RATE = f"{SIKG}ExchangeRate"

    # What was done, and how
    PRACTICE = f"{SIKG}Practice"
    METHOD = f"{SIKG}Method"
    ASSESSMENT_STATE = f"{SIKG}AssessmentState"
    LEVEL_OF_ACTION = f"{SIKG}LevelOfAction"
    THEME = f"{SIKG}Theme"
    TARGET_GROUP = f"{SIKG}TargetGroup"

    # Policy
    POLICY = f"{SIKG}Policy"
    PRINCIPLE = f"{SIKG}Principle"
    RECOMMENDATION = f"{SIKG}Recommendation"
    POLICY_TYPE = f"{SIKG}PolicyType"

    # Learning together
    COMMUNITY_OF_PRACTICE = f"{SIKG}CommunityOfPractice"
    NETWORK = f"{SIKG}Network"
    EVENT = f"{SIKG}Event"
    WORKSHOP = f"{SIKG}Workshop"
    TRAINING = f"{SIKG}Training"
    SEMINAR = f"{SIKG}Seminar"
    PRIZE = f"{SIKG}Prize"

    # Places where knowledge is kept
    DATABASE = f"{SIKG}Database"
    PORTAL = f"{SIKG}Portal"
    PUBLICATION = f"{SIKG}Publication"
    NEWSLETTER = f"{SIKG}Newsletter"

    # Places
    COUNTRY = f"{SIKG}Country"
    MEMBER_STATE = f"{SIKG}MemberState"
    REGION = f"{SIKG}Region"

    # Other lists of concepts
    ORGANISATION_TYPE = f"{SIKG}OrganisationType"
    TERM = f"{SIKG}Term"

    # Receipts: where statements come from
    SOURCE = f"{SIKG}Source"
    TABLE = f"{SIKG}Table"
    ROW = f"{SIKG}Row"
    EDIT_GRAPH = f"{SIKG}EditGraph"
    CORRECTION = f"{SIKG}Correction"

    # About the ontology itself
    SINGLE_VALUED_PROPERTY = f"{SIKG}SingleValuedProperty"


@unique
class Property(StrEnum):
    """Name the properties of `core.ttl`; the value of each is its IRI."""

    # Names and identifiers
    ACRONYM = f"{SIKG}acronym"
    NATIVE_NAME = f"{SIKG}nativeName"
    REGISTRATION_IDENTIFIER = f"{SIKG}registrationIdentifier"
    PIC = f"{SIKG}pic"
    REGISTER_NUMBER = f"{SIKG}registerNumber"
    ORG_ID = f"{SIKG}orgId"

    # Places
    COUNTRY = f"{SIKG}country"
    REGION = f"{SIKG}region"
    CITY = f"{SIKG}city"
    PLACE = f"{SIKG}place"
    POSTCODE = f"{SIKG}postcode"
    LATITUDE = f"{SIKG}latitude"
    LONGITUDE = f"{SIKG}longitude"

    # Time
    START_DATE = f"{SIKG}startDate"
    END_DATE = f"{SIKG}endDate"
    APPROVAL_DATE = f"{SIKG}approvalDate"

    # Parts
    PART_OF = f"{SIKG}partOf"
    ORGANISATION_TYPE = f"{SIKG}organisationType"

    # Participation
    PARTICIPANT = f"{SIKG}participant"
    PARTICIPATES_IN = f"{SIKG}participatesIn"
    PARTICIPATES_IN_CONSORTIUM = f"{SIKG}participatesInConsortium"
    ROLE = f"{SIKG}role"

    # Projects and consortia
    LEAD_PARTNER = f"{SIKG}leadPartner"
    LEAD_COUNTRY = f"{SIKG}leadCountry"
    FUNDED_BY = f"{SIKG}fundedBy"
    CALL = f"{SIKG}call"
    GRANT_AGREEMENT = f"{SIKG}grantAgreement"
    RCN = f"{SIKG}rcn"
    COFINANCING_RATE = f"{SIKG}cofinancingRate"
    GENERATION = f"{SIKG}generation"
    AIM = f"{SIKG}aim"

    # Money
    FUNDING = f"{SIKG}funding"
    AMOUNT = f"{SIKG}amount"
    CURRENCY = f"{SIKG}currency"
    FUNDING_KIND = f"{SIKG}fundingKind"
    FUNDING_PHASE = f"{SIKG}fundingPhase"
    BENEFICIARY_KIND = f"{SIKG}beneficiaryKind"
    FUNDING_YEAR = f"{SIKG}fundingYear"
    FUNDING_SOURCE = f"{SIKG}fundingSource"
    PRIORITY_TEXT = f"{SIKG}priorityText"
    INTERVENTION_TEXT = f"{SIKG}interventionText"
    THEME_TEXT = f"{SIKG}themeText"
    FROM_CURRENCY = f"{SIKG}fromCurrency"
    TO_CURRENCY = f"{SIKG}toCurrency"
    RATE = f"{SIKG}rate"

    # Programmes
    PROGRAMME_KIND = f"{SIKG}programmeKind"
    MANAGED_BY = f"{SIKG}managedBy"
    LEGAL_BASIS = f"{SIKG}legalBasis"
    CALL_IDENTIFIER = f"{SIKG}callIdentifier"
    OPEN_DATE = f"{SIKG}openDate"
    DEADLINE = f"{SIKG}deadline"

    # What things are about and for whom
    THEME = f"{SIKG}theme"
    TARGET_GROUP = f"{SIKG}targetGroup"
    TARGET_GROUP_TEXT = f"{SIKG}targetGroupText"

    # Practices and methods
    LEVEL_OF_ACTION = f"{SIKG}levelOfAction"
    CARRIED_BY = f"{SIKG}carriedBy"
    CARRIER_TEXT = f"{SIKG}carrierText"
    PARTNER_TEXT = f"{SIKG}partnerText"
    INITIATIVE_TYPE = f"{SIKG}initiativeType"
    PRINCIPLE = f"{SIKG}principle"
    ADAPTED_FROM = f"{SIKG}adaptedFrom"
    USES_METHOD = f"{SIKG}usesMethod"
    ASSESSMENT_STATE = f"{SIKG}assessmentState"
    VALIDATION_STATE = f"{SIKG}validationState"

    # Policy
    POLICY_TYPE = f"{SIKG}policyType"
    ISSUER_TEXT = f"{SIKG}issuerText"
    CELEX = f"{SIKG}celex"
    DOCUMENT_DATE = f"{SIKG}documentDate"
    STATUS = f"{SIKG}status"
    RELATED_PROGRAMME = f"{SIKG}relatedProgramme"

    # Networks, databases, portals, publications
    OPERATOR = f"{SIKG}operator"
    OPERATOR_TEXT = f"{SIKG}operatorText"
    FORMAT_TEXT = f"{SIKG}formatText"
    SCOPE_TEXT = f"{SIKG}scopeText"
    FIELD_NAMES = f"{SIKG}fieldNames"
    ACCESS_TEXT = f"{SIKG}accessText"

    # Receipts. Those of rows are aligned to nothing: each alignment would add a statement a row.
    ROW_NUMBER = f"{SIKG}rowNumber"
    FROM_TABLE = f"{SIKG}fromTable"
    CITED_SOURCE = f"{SIKG}citedSource"
    CONFIDENCE = f"{SIKG}confidence"
    FROM_SOURCE = f"{SIKG}fromSource"
    FILE_NAME = f"{SIKG}fileName"
    SHEET = f"{SIKG}sheet"
    SHA256 = f"{SIKG}sha256"
    RETRIEVED = f"{SIKG}retrieved"
    MAPPING_VERSION = f"{SIKG}mappingVersion"
    EDITED_BY = f"{SIKG}editedBy"
    EDITED_THROUGH = f"{SIKG}editedThrough"

    # About the ontology itself
    SEGMENT = f"{SIKG}segment"


Term = Class | Property
