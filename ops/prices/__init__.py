"""What quantities cost: On-Demand list prices of AWS in USD, without taxes, discounts, credits and free tiers."""
