// Personal data: lives in one table, referred to by id from everywhere else (decision 29). Never logged.
#pragma once

#include <string>

#include "src/base/ids.hpp"

namespace returngate {

struct Contact {
    ContactId id;
    std::string kind;  // pickup | return_address | payee
    std::string name;
    std::string phone;
    std::string province;
    std::string city;
    std::string county;
    std::string address;
    std::string payee_reference;  // of kind payee: the payer's token at the provider
};

}  // namespace returngate
